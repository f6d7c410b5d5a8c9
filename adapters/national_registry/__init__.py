"""The national electronic civil-status system (hệ thống thông tin đăng ký, quản lý hộ tịch)."""
