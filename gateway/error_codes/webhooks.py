"""Codes of webhooks."""

from gateway.error_codes.row import CodeRow

WEBHOOKS = (
    CodeRow(
        "webhook_address_refused",
        422,
        "Messages may not be sent to this address",
        "Không được gửi thông báo đến địa chỉ này",
        "Give a public https address without user, password or fragment; `reason` says what is wrong.",
        "Dùng địa chỉ https trong mạng công cộng, không kèm tài khoản, mật khẩu hay #; `reason` nêu lý do.",
    ),
    CodeRow(
        "webhooks_not_set_up",
        409,
        "This gateway has no key for the secrets of webhooks",
        "Cổng chưa có khóa mã hóa bí mật của webhook",
        "Run `hotich-gateway webhook key new FILE` and set HOTICH_WEBHOOKS__SEALING_KEYS_FILE (operator).",
        "Quản trị viên chạy `hotich-gateway webhook key new FILE` và đặt HOTICH_WEBHOOKS__SEALING_KEYS_FILE.",
    ),
    CodeRow(
        "webhook_disabled",
        409,
        "The webhook is disabled",
        "Webhook đang bị tắt",
        "Mend the receiver, then enable the webhook; what happened meanwhile is sent then.",
        "Khắc phục hệ thống nhận rồi bật lại webhook; các thay đổi trong lúc tắt sẽ được gửi.",
    ),
    CodeRow(
        "too_many_webhooks",
        409,
        "The client has as many webhooks as are allowed",
        "Máy khách đã có số webhook tối đa",
        "Remove one that is not needed; the limit is in the answer.",
        "Xóa webhook không cần; giới hạn nêu trong câu trả lời.",
    ),
)
