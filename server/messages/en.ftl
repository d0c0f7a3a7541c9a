# What the server says itself, in English. One line per text; the other languages have the same keys.

# Titles of problem documents, by kind
problem-invalid = The request is not right
problem-unauthorized = Please sign in
problem-forbidden = You may not do this
problem-not-found = There is nothing here
problem-method = This address does not know that method
problem-conflict = Somebody was faster
problem-busy = The same request is still running
problem-too-large = The request is too large
problem-media-type = Please send JSON
problem-unprocessable = This cannot be done as asked
problem-refused = The step is refused
problem-too-many = Too many attempts
problem-unavailable = Please try again in a moment
problem-internal = Something went wrong on our side

# Details
detail-unauthorized = Sign in first, or send a valid token.
detail-session-ended = Your session has ended. Please sign in again.
detail-wrong-password = The name or the password is not right.
detail-too-many = Please wait { $seconds } seconds before the next attempt.
detail-forbidden = This needs the right `{ $action }`. Roles that have it: { $roles }.
detail-other-branch = This belongs to a branch that is not yours.
detail-staff-only = Only staff see this.
detail-cross-site = The request came from another site.
detail-form-type = Send it as a form of this page.
detail-form-token = This page was open too long or belongs to another sign-in. Load it anew and try again.
detail-not-found = No { $what } has the name { $key }, or it is not yours to see.
detail-route = No such address.
detail-method = `{ $method }` is not possible here.
detail-stale = You saw revision { $seen }; by now it is { $now }. Look at the present state and try again.
detail-key-reused = This key was used before for another request.
detail-busy = A request with this key is still running.
detail-too-large = At most { $limit } bytes are taken.
detail-too-deep = The JSON is nested deeper than { $limit } levels.
detail-slow = The request took too long to arrive.
detail-json = The body is not JSON: { $reason }.
detail-body = The field `{ $field }` is not right: { $reason }.
detail-parameter = The parameter `{ $name }` is not right: { $reason }.
detail-media-type = The content type must be `application/json`.
detail-fields = Some fields are not right.
detail-exists = A { $what } with { $field } { $value } exists already.
detail-in-use = It is in use and cannot be removed.
detail-refers = Something that it refers to does not exist.
detail-ignored = Nothing here reacts to `{ $event }` now.
detail-refused = The step `{ $event }` cannot be taken now.
detail-bundle = The definitions have errors and were not deployed.
detail-own-voucher = You prepared voucher { $reference }. Somebody else has to review it.
detail-not-draft = Voucher { $reference } is `{ $status }`; only a draft is reviewed.
detail-unsound = The lines of voucher { $reference } do not make a balanced voucher, so it stays a draft.
detail-draft-left = Voucher { $reference } of { $date } is still a draft. Review it first: none up to { $up_to } may be left behind.
detail-none-reviewed = No reviewed voucher up to { $up_to } is left to be made final. Perhaps somebody was faster.
detail-not-final = Voucher { $reference } is `{ $status }`; only a final one is reversed.
detail-reversed = Voucher { $reference } was reversed already, by voucher { $by }.
detail-closed = The books are closed up to { $up_to }: nothing can be posted on { $date }.
detail-not-over = { $until } is not over yet: it is { $today }.
detail-item = `{ $code }` cannot be worked out: { $reason }
detail-left-in-period = { $count } vouchers up to { $up_to } are not final yet, the oldest is { $reference }. Make them final first.
detail-not-later = The books are closed up to { $up_to } already.
detail-not-closed = The books are not closed beyond { $up_to }.
detail-closing-future = { $up_to } is not over yet.
detail-not-note = Voucher { $reference } is `{ $status }`; only a note is changed.
detail-not-reviewed = Voucher { $reference } is `{ $status }`; only a reviewed one is approved.
detail-own-approval = You prepared or reviewed voucher { $reference }. Somebody else has to approve it.
detail-lines = The lines are not a voucher: { $reason }
detail-task-done = A task that is done is not changed.
detail-too-many-files = A ticket has at most { $most } files.
detail-unavailable = The server is busy or its database cannot be reached.
detail-internal = The failure is noted under { $id }.

# Fields
field-required = `{ $field }` is missing
field-unknown = `{ $field }` is not known here
field-invalid = `{ $field }` is not right: { $reason }
field-not-found = `{ $field }` names a { $what } that does not exist
field-phone = `{ $field }` is not a phone number
field-password = The password needs at least { $least } characters and must not be a common one
field-amount = `{ $field }` is not an amount with at most { $digits } digits after the point
field-taken = `{ $field }` is taken already
file-name = The file needs a name of 1 to 200 printable characters without / and \
file-kind = Please send a JPEG, PNG or WebP picture, or a PDF
file-ending = This is a { $of } file, but its name ends otherwise
file-pixels = The picture has more than { $most } million pixels
file-damaged = The picture is damaged and cannot be opened

# Things
thing-ticket = ticket
thing-device = device
thing-customer = customer
thing-voucher = voucher
thing-user = user
thing-entry = entry
thing-process = process
thing-incident = incident
thing-task = task
thing-file = file

# In the books
voucher-reversal = Reversal of voucher { $number } ({ $text }): { $reason }
