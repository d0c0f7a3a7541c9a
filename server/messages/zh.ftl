# What the server says itself, in Chinese. One line per text; the other languages have the same keys.

# Titles of problem documents, by kind
problem-invalid = 请求有误
problem-unauthorized = 请先登录
problem-forbidden = 您无权执行此操作
problem-not-found = 此处没有内容
problem-method = 该地址不支持此方法
problem-conflict = 已有他人先行操作
problem-busy = 相同的请求仍在处理中
problem-too-large = 请求过大
problem-media-type = 请发送 JSON
problem-unprocessable = 无法按此要求执行
problem-refused = 该步骤被拒绝
problem-too-many = 尝试次数过多
problem-unavailable = 请稍后再试
problem-internal = 我们这边出了问题

# Details
detail-unauthorized = 请先登录，或提供有效的令牌。
detail-session-ended = 您的会话已结束，请重新登录。
detail-wrong-password = 用户名或密码不正确。
detail-too-many = 请等待 { $seconds } 秒后再试。
detail-forbidden = 此操作需要权限 `{ $action }`。拥有该权限的角色：{ $roles }。
detail-other-branch = 该内容属于其他分店。
detail-staff-only = 仅员工可见。
detail-cross-site = 该请求来自其他网站。
detail-form-type = 请通过本页面的表单发送。
detail-form-token = 此页面打开太久或属于另一次登录。请刷新后重试。
detail-not-found = 没有名为 { $key } 的{ $what }，或您无权查看。
detail-route = 没有这个地址。
detail-method = 此处不能使用 `{ $method }`。
detail-stale = 您看到的是版本 { $seen }，现在已是版本 { $now }。请查看当前状态后重试。
detail-key-reused = 此键已用于另一个请求。
detail-busy = 使用此键的请求仍在处理中。
detail-too-large = 最多接受 { $limit } 字节。
detail-too-deep = JSON 嵌套超过 { $limit } 层。
detail-slow = 请求到达耗时过长。
detail-json = 正文不是 JSON：{ $reason }。
detail-body = 字段 `{ $field }` 有误：{ $reason }。
detail-parameter = 参数 `{ $name }` 有误：{ $reason }。
detail-media-type = 内容类型必须是 `application/json`。
detail-fields = 部分字段有误。
detail-exists = { $field } 为 { $value } 的{ $what }已存在。
detail-in-use = 正在使用中，无法删除。
detail-refers = 它所引用的内容不存在。
detail-ignored = 当前没有任何步骤响应 `{ $event }`。
detail-refused = 当前无法执行步骤 `{ $event }`。
detail-bundle = 定义存在错误，未被部署。
detail-own-voucher = 凭证 { $reference } 由您编制，须由他人审核。
detail-not-draft = 凭证 { $reference } 的状态为 `{ $status }`，只有草稿可以审核。
detail-unsound = 凭证 { $reference } 的分录借贷不平，仍为草稿。
detail-draft-left = { $date } 的凭证 { $reference } 仍是草稿。请先审核：截至 { $up_to } 的凭证不得遗漏。
detail-none-reviewed = 截至 { $up_to } 没有待过账的已审核凭证，可能已有他人处理。
detail-not-final = 凭证 { $reference } 的状态为 `{ $status }`，只有已过账的凭证可以冲销。
detail-reversed = 凭证 { $reference } 已被凭证 { $by } 冲销。
detail-closed = 账簿已结账至 { $up_to }，{ $date } 不能记账。
detail-not-over = { $until } 尚未结束，今天是 { $today }。
detail-item = 无法计算“{ $code }”：{ $reason }
detail-left-in-period = 截至 { $up_to } 有 { $count } 张凭证尚未过账，最早的是 { $reference }。请先过账。
detail-not-later = 账簿已结账至 { $up_to }。
detail-not-closed = { $up_to } 之后的账簿并未结账。
detail-closing-future = { $up_to } 尚未结束。
detail-not-note = 凭证 { $reference } 的状态为“{ $status }”，只有记事可以修改。
detail-not-reviewed = 凭证 { $reference } 的状态为“{ $status }”，只有已审核的凭证可以批准。
detail-own-approval = 凭证 { $reference } 由您编制或审核，须由他人批准。
detail-lines = 这些分录不构成凭证：{ $reason }
detail-task-done = 已完成的任务不能再更改。
detail-too-many-files = 每张工单最多 { $most } 个文件。
detail-unavailable = 服务器繁忙或数据库无法访问。
detail-internal = 该故障已记录，编号 { $id }。

# Fields
field-required = 缺少 `{ $field }`
field-unknown = 此处不认识 `{ $field }`
field-invalid = `{ $field }` 有误：{ $reason }
field-not-found = `{ $field }` 指向不存在的{ $what }
field-phone = `{ $field }` 不是电话号码
field-password = 密码至少需要 { $least } 个字符，且不能是常见密码
field-amount = `{ $field }` 不是小数位不超过 { $digits } 位的金额
field-taken = `{ $field }` 已被占用
file-name = 文件名须为 1 到 200 个可见字符，且不含 / 和 \
file-kind = 请上传 JPEG、PNG、WebP 图片或 PDF
file-ending = 这是 { $of } 文件，但文件名后缀不符
file-pixels = 图片超过 { $most } 百万像素
file-damaged = 图片已损坏，无法打开

# Things
thing-ticket = 工单
thing-device = 设备
thing-customer = 客户
thing-voucher = 凭证
thing-user = 用户
thing-entry = 条目
thing-process = 流程
thing-incident = 异常
thing-task = 任务
thing-file = 文件

# In the books
voucher-reversal = 冲销凭证 { $number }（{ $text }）：{ $reason }
