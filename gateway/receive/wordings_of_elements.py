"""What XML can get wrong and JSON has no word for."""

from collections.abc import Mapping
from typing import Final

from mappings.canonical import Wording

OF_ELEMENTS: Final[Mapping[str, Wording]] = {
    "body_not_xml": Wording(
        "Nội dung không phải XML đúng cú pháp: dòng {line}, cột {column}; ký tự & và < trong dữ liệu phải"
        " viết là &amp; và &lt;.",
        "The body is not well-formed XML: line {line}, column {column}; write & as &amp; and < as &lt;.",
    ),
    "element_of_other_namespace": Wording(
        "Phần tử {field} không thuộc không gian tên {namespace}; đặt xmlns cho nó và các phần tử bên trong.",
        "The element {field} is not in the namespace {namespace}; set xmlns for it and for what it contains.",
    ),
    "text_between_elements": Wording(
        "Có chữ nằm giữa các phần tử con của {field}; đưa vào đúng phần tử hoặc bỏ đi.",
        "There is text between the elements inside {field}; move it into its element or take it out.",
    ),
    "attribute_unknown": Wording(
        "Thuộc tính {field} không có trong lược đồ; dữ liệu chỉ viết trong phần tử.",
        "The schema has no attribute {field}; data is written in elements only.",
    ),
    "reference_unresolved": Wording(
        "Phần tử {field} trỏ (href) đến nội dung không có hoặc quá lớn; ghi nội dung trực tiếp vào phần tử.",
        "The element {field} points (href) to what is not there or too large; write the content into it.",
    ),
    "one_event_each": Wording(
        "Mỗi mục event phải chứa đúng một sự kiện; hiện có {count}.",
        "Each item must hold exactly one event; this one holds {count}.",
    ),
    "parameter_out_of_range": Wording(
        "Giá trị {field} phải là số nguyên từ {minimum} đến {maximum}.",
        "{field} must be a whole number from {minimum} to {maximum}.",
    ),
    "parameter_text": Wording(
        "Giá trị {field} phải có từ 1 đến {characters_max} ký tự in được.",
        "{field} must have 1 to {characters_max} printable characters.",
    ),
}
