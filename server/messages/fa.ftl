# What the server says itself, in Persian. One line per text; the other languages have the same keys.

# Titles of problem documents, by kind
problem-invalid = درخواست درست نیست
problem-unauthorized = لطفاً وارد شوید
problem-forbidden = شما اجازه این کار را ندارید
problem-not-found = اینجا چیزی نیست
problem-method = این نشانی آن روش را نمی‌شناسد
problem-conflict = کس دیگری زودتر اقدام کرد
problem-busy = همین درخواست هنوز در حال انجام است
problem-too-large = درخواست بیش از اندازه بزرگ است
problem-media-type = لطفاً JSON بفرستید
problem-unprocessable = این کار به این صورت شدنی نیست
problem-refused = این گام پذیرفته نشد
problem-too-many = تلاش بیش از اندازه
problem-unavailable = لطفاً کمی بعد دوباره تلاش کنید
problem-internal = مشکلی در سامانه پیش آمد

# Details
detail-unauthorized = نخست وارد شوید یا توکن معتبر بفرستید.
detail-session-ended = نشست شما پایان یافته است. لطفاً دوباره وارد شوید.
detail-wrong-password = نام یا گذرواژه درست نیست.
detail-too-many = لطفاً { $seconds } ثانیه تا تلاش بعدی صبر کنید.
detail-forbidden = این کار به دسترسی `{ $action }` نیاز دارد. نقش‌هایی که آن را دارند: { $roles }.
detail-other-branch = این مورد به شعبه‌ای تعلق دارد که شعبه شما نیست.
detail-staff-only = این را فقط کارکنان می‌بینند.
detail-cross-site = درخواست از سایت دیگری آمده است.
detail-form-type = آن را با فرم همین صفحه بفرستید.
detail-form-token = این صفحه بیش از اندازه باز مانده یا از ورود دیگری است. صفحه را تازه کنید و دوباره بفرستید.
detail-not-found = { $what } با نام { $key } وجود ندارد یا دیدن آن در اختیار شما نیست.
detail-route = چنین نشانی‌ای وجود ندارد.
detail-method = `{ $method }` اینجا ممکن نیست.
detail-stale = شما نسخه { $seen } را دیده‌اید؛ اکنون نسخه { $now } است. وضعیت کنونی را ببینید و دوباره تلاش کنید.
detail-key-reused = این کلید پیش‌تر برای درخواست دیگری به کار رفته است.
detail-busy = درخواستی با همین کلید هنوز در حال انجام است.
detail-too-large = حداکثر { $limit } بایت پذیرفته می‌شود.
detail-too-deep = ژرفای JSON بیش از { $limit } لایه است.
detail-slow = رسیدن درخواست بیش از اندازه طول کشید.
detail-json = بدنه درخواست JSON نیست: { $reason }.
detail-body = فیلد `{ $field }` درست نیست: { $reason }.
detail-parameter = پارامتر `{ $name }` درست نیست: { $reason }.
detail-media-type = نوع محتوا باید `application/json` باشد.
detail-fields = برخی فیلدها درست نیستند.
detail-exists = { $what } با { $field } { $value } از پیش وجود دارد.
detail-in-use = این مورد در حال استفاده است و حذف نمی‌شود.
detail-refers = چیزی که به آن اشاره می‌کند وجود ندارد.
detail-ignored = اکنون چیزی به `{ $event }` پاسخ نمی‌دهد.
detail-refused = گام `{ $event }` اکنون انجام‌شدنی نیست.
detail-bundle = تعریف‌ها خطا دارند و به کار گرفته نشدند.
detail-own-voucher = سند با عطف { $reference } را خودتان تنظیم کرده‌اید؛ شخص دیگری باید آن را بررسی کند.
detail-not-draft = وضعیت سند با عطف { $reference } «{ $status }» است؛ فقط پیش‌نویس بررسی می‌شود.
detail-unsound = ردیف‌های سند با عطف { $reference } تراز نیستند؛ سند پیش‌نویس می‌ماند.
detail-draft-left = سند با عطف { $reference } مورخ { $date } هنوز پیش‌نویس است. نخست آن را بررسی کنید: تا { $up_to } هیچ سندی نباید جا بماند.
detail-none-reviewed = تا { $up_to } سند بررسی‌شده‌ای برای قطعی‌کردن نمانده است. شاید شخص دیگری زودتر اقدام کرده باشد.
detail-not-final = وضعیت سند با عطف { $reference } «{ $status }» است؛ فقط سند قطعی برگشت می‌خورد.
detail-reversed = سند با عطف { $reference } پیش‌تر با سند عطف { $by } برگشت خورده است.
detail-closed = دفاتر تا { $up_to } بسته است؛ در تاریخ { $date } سندی ثبت نمی‌شود.
detail-not-over = روز { $until } هنوز به پایان نرسیده است؛ امروز { $today } است.
detail-item = «{ $code }» محاسبه نشد: { $reason }
detail-left-in-period = { $count } سند تا { $up_to } هنوز قطعی نشده است؛ قدیمی‌ترین آن‌ها عطف { $reference } است. نخست آن‌ها را قطعی کنید.
detail-not-later = دفاتر پیش‌تر تا { $up_to } بسته شده است.
detail-not-closed = دفاتر پس از { $up_to } بسته نیست.
detail-closing-future = روز { $up_to } هنوز به پایان نرسیده است.
detail-not-note = وضعیت سند با عطف { $reference } «{ $status }» است؛ تنها یادداشت تغییر می‌کند.
detail-not-reviewed = وضعیت سند با عطف { $reference } «{ $status }» است؛ تنها سند بررسی‌شده تأیید می‌شود.
detail-own-approval = سند با عطف { $reference } را خودتان تنظیم یا بررسی کرده‌اید؛ شخص دیگری باید آن را تأیید کند.
detail-lines = این ردیف‌ها سند نمی‌شود: { $reason }
detail-task-done = وظیفه‌ای که انجام شده تغییر نمی‌کند.
detail-too-many-files = هر درخواست حداکثر { $most } پرونده دارد.
detail-unavailable = سرور مشغول است یا پایگاه داده در دسترس نیست.
detail-internal = این خطا با شناسه { $id } ثبت شد.

# Fields
field-required = `{ $field }` وارد نشده است
field-unknown = `{ $field }` اینجا شناخته‌شده نیست
field-invalid = `{ $field }` درست نیست: { $reason }
field-not-found = `{ $field }` به { $what } ناموجود اشاره می‌کند
field-phone = `{ $field }` شماره تلفن نیست
field-password = گذرواژه دست‌کم { $least } نویسه لازم دارد و نباید رایج باشد
field-amount = `{ $field }` مبلغی با حداکثر { $digits } رقم اعشار نیست
field-taken = `{ $field }` پیش‌تر به کار رفته است
file-name = نام پرونده باید ۱ تا ۲۰۰ نویسه‌ی خوانا و بدون / و \ باشد
file-kind = لطفاً تصویر JPEG، PNG یا WebP یا پرونده‌ی PDF بفرستید
file-ending = این یک پرونده‌ی { $of } است، اما پسوند نامش چیز دیگری است
file-pixels = تصویر بیش از { $most } میلیون پیکسل دارد
file-damaged = تصویر آسیب دیده است و باز نمی‌شود

# Things
thing-ticket = درخواست
thing-device = دستگاه
thing-customer = مشتری
thing-voucher = سند حسابداری
thing-user = کاربر
thing-entry = رکورد
thing-process = فرایند
thing-incident = رخداد
thing-task = وظیفه
thing-file = پرونده

# In the books
voucher-reversal = برگشت سند شماره { $number } ({ $text }): { $reason }
