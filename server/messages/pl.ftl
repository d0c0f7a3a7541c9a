# What the server says itself, in Polish. One line per text; the other languages have the same keys.

# Titles of problem documents, by kind
problem-invalid = Żądanie jest nieprawidłowe
problem-unauthorized = Proszę się zalogować
problem-forbidden = Brak uprawnień do tej czynności
problem-not-found = Tutaj niczego nie ma
problem-method = Ten adres nie zna tej metody
problem-conflict = Ktoś był szybszy
problem-busy = To samo żądanie jest jeszcze wykonywane
problem-too-large = Żądanie jest zbyt duże
problem-media-type = Proszę wysłać JSON
problem-unprocessable = Nie można tego wykonać w ten sposób
problem-refused = Krok został odrzucony
problem-too-many = Zbyt wiele prób
problem-unavailable = Proszę spróbować za chwilę
problem-internal = Coś poszło nie tak po naszej stronie

# Details
detail-unauthorized = Najpierw zaloguj się albo prześlij ważny token.
detail-session-ended = Sesja wygasła. Proszę zalogować się ponownie.
detail-wrong-password = Nazwa lub hasło są nieprawidłowe.
detail-too-many = Proszę odczekać { $seconds } s przed następną próbą.
detail-forbidden = To wymaga uprawnienia `{ $action }`. Role, które je mają: { $roles }.
detail-other-branch = To należy do innego oddziału.
detail-staff-only = To widzą tylko pracownicy.
detail-cross-site = Żądanie pochodzi z innej strony.
detail-form-type = Wyślij to formularzem tej strony.
detail-form-token = Ta strona była otwarta zbyt długo albo należy do innego logowania. Odśwież ją i spróbuj ponownie.
detail-not-found = { $what } o nazwie { $key } nie istnieje albo nie jest dla Ciebie widoczny.
detail-route = Nie ma takiego adresu.
detail-method = `{ $method }` nie jest tu możliwe.
detail-stale = Widziana rewizja to { $seen }, obecna to { $now }. Obejrzyj obecny stan i spróbuj ponownie.
detail-key-reused = Ten klucz został już użyty dla innego żądania.
detail-busy = Żądanie z tym kluczem jest jeszcze wykonywane.
detail-too-large = Przyjmowanych jest najwyżej { $limit } bajtów.
detail-too-deep = JSON jest zagnieżdżony głębiej niż { $limit } poziomów.
detail-slow = Żądanie docierało zbyt długo.
detail-json = Treść nie jest poprawnym JSON: { $reason }.
detail-body = Pole `{ $field }` jest nieprawidłowe: { $reason }.
detail-parameter = Parametr `{ $name }` jest nieprawidłowy: { $reason }.
detail-media-type = Typem treści musi być `application/json`.
detail-fields = Niektóre pola są nieprawidłowe.
detail-exists = { $what } z polem { $field } o wartości { $value } już istnieje.
detail-in-use = Ten wpis jest używany i nie można go usunąć.
detail-refers = Coś, do czego się odwołuje, nie istnieje.
detail-ignored = Nic tutaj nie reaguje teraz na `{ $event }`.
detail-refused = Kroku `{ $event }` nie można teraz wykonać.
detail-bundle = Definicje zawierają błędy i nie zostały wdrożone.
detail-own-voucher = Dowód { $reference } został sporządzony przez Ciebie. Musi go sprawdzić ktoś inny.
detail-not-draft = Dowód { $reference } ma stan `{ $status }`; sprawdza się tylko szkic.
detail-unsound = Wiersze dowodu { $reference } nie bilansują się, więc pozostaje on szkicem.
detail-draft-left = Dowód { $reference } z dnia { $date } jest jeszcze szkicem. Najpierw go sprawdź: do { $up_to } żaden nie może zostać pominięty.
detail-none-reviewed = Do { $up_to } nie ma sprawdzonych dowodów do zaksięgowania. Być może ktoś był szybszy.
detail-not-final = Dowód { $reference } ma stan `{ $status }`; stornuje się tylko zaksięgowany.
detail-reversed = Dowód { $reference } został już wystornowany dowodem { $by }.
detail-closed = Księgi są zamknięte do { $up_to }: nie można księgować z datą { $date }.
detail-not-over = Dzień { $until } jeszcze się nie skończył: jest { $today }.
detail-item = Nie można obliczyć `{ $code }`: { $reason }
detail-left-in-period = { $count } dowodów do { $up_to } nie jest jeszcze zaksięgowanych, najstarszy to { $reference }. Najpierw trzeba je zaksięgować.
detail-not-later = Księgi są już zamknięte do { $up_to }.
detail-not-closed = Księgi nie są zamknięte po { $up_to }.
detail-closing-future = Dzień { $up_to } jeszcze się nie skończył.
detail-not-note = Dowód { $reference } ma stan „{ $status }”; zmienia się tylko notatkę.
detail-not-reviewed = Dowód { $reference } ma stan „{ $status }”; zatwierdza się tylko sprawdzony.
detail-own-approval = Dowód { $reference } został przez Ciebie sporządzony lub sprawdzony. Musi go zatwierdzić ktoś inny.
detail-lines = Te pozycje nie tworzą dowodu: { $reason }
detail-task-done = Wykonanego zadania już się nie zmienia.
detail-too-many-files = Zgłoszenie może mieć najwyżej { $most } plików.
detail-unavailable = Serwer jest zajęty albo baza danych jest niedostępna.
detail-internal = Błąd zapisano pod numerem { $id }.

# Fields
field-required = Brakuje pola `{ $field }`
field-unknown = Pole `{ $field }` nie jest tu znane
field-invalid = Pole `{ $field }` jest nieprawidłowe: { $reason }
field-not-found = Pole `{ $field }` wskazuje na nieistniejący wpis ({ $what })
field-phone = `{ $field }` nie jest numerem telefonu
field-password = Hasło musi mieć co najmniej { $least } znaków i nie może być pospolite
field-amount = `{ $field }` nie jest kwotą z najwyżej { $digits } cyframi po przecinku
field-taken = Wartość pola `{ $field }` jest już zajęta
file-name = Nazwa pliku musi mieć od 1 do 200 widocznych znaków, bez / i \
file-kind = Prosimy przesłać obraz JPEG, PNG lub WebP albo plik PDF
file-ending = To jest plik { $of }, ale jego nazwa ma inne zakończenie
file-pixels = Obraz ma ponad { $most } milionów pikseli
file-damaged = Obraz jest uszkodzony i nie daje się otworzyć

# Things
thing-ticket = zgłoszenie
thing-device = urządzenie
thing-customer = klient
thing-voucher = dowód księgowy
thing-user = użytkownik
thing-entry = wpis
thing-process = proces
thing-incident = incydent
thing-task = zadanie
thing-file = plik

# In the books
voucher-reversal = Storno dowodu { $number } ({ $text }): { $reason }
