"""The sentences of a letter of reasons, in Vietnamese and English, with the places of their values. Pure: they stand
in the record of a letter, so they are no messages of a page."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from evaluations.scoring import rounded

LANGUAGES = ("vi", "en")
CUT = "[…]"
Words = Mapping[str, str]

TITLES: dict[str, Words] = {
    "opening": {"vi": "Căn cứ", "en": "Basis"},
    "result": {"vi": "Kết quả chung", "en": "The result as a whole"},
    "criterion": {"vi": "Tiêu chí {code}. {label}", "en": "Criterion {code}. {label}"},
    "closing": {"vi": "Về thông báo này", "en": "About this letter"},
}

QUARTERS: tuple[Words, ...] = (
    {"vi": "cao nhất", "en": "highest"},
    {"vi": "thứ hai", "en": "second"},
    {"vi": "thứ ba", "en": "third"},
    {"vi": "thấp nhất", "en": "lowest"},
)

SENTENCES: dict[str, Words] = {
    "decided": {
        "vi": "Sản phẩm “{product}” của {enterprise} (hồ sơ {number}) không được công nhận là sản phẩm công nghiệp "
        "chủ lực thành phố Hà Nội năm {year} theo Quyết định số {decision} ngày {day}.",
        "en": "The product “{product}” of {enterprise} (dossier {number}) is not recognised as a key industrial "
        "product of Hanoi for {year}, by Decision {decision} of {day}.",
    },
    "basis": {
        "vi": "Các lý do dưới đây được lấy từ kết quả chấm điểm (lần tính {run}), từ các phiếu chấm đã ký, từ bộ tiêu "
        "chí đã công bố và từ hồ sơ như khi nộp.",
        "en": "The reasons below come from the result (computation {run}), from the signed score sheets, from the "
        "published criteria and from the dossier as it was sent.",
    },
    "total": {
        "vi": "Tổng điểm là {total} trên {most}: tổng các điểm bình quân của {n} tiêu chí. Kết quả được tính bằng số "
        "chính xác, chỉ làm tròn khi in.",
        "en": "The total is {total} of {most}: the sum of the means of {n} criteria. It is computed exactly and "
        "rounded for printing only.",
    },
    "total_quarter": {
        "vi": "Xét tổng điểm, hồ sơ thuộc nhóm một phần tư {quarter} của {compared} hồ sơ được xếp hạng.",
        "en": "By its total the dossier is in the {quarter} quarter of the {compared} ranked dossiers.",
    },
    "no_quarter": {
        "vi": "Không nêu tứ phân vị: chỉ có {compared} hồ sơ được so sánh.",
        "en": "No quartile is stated: only {compared} dossiers were compared.",
    },
    "fails:total_at_least": {
        "vi": "Tổng điểm {value} thấp hơn mức {need} điểm mà bộ tiêu chí đòi hỏi.",
        "en": "The total of {value} points is below the {need} points that the criteria ask for.",
    },
    "fails:each_criterion_at_least_percent": {
        "vi": "Tiêu chí {code} ({label}) đạt {value} điểm, thấp hơn {percent}% mức tối đa, tức {need} điểm.",
        "en": "Criterion {code} ({label}) reaches {value} points, below {percent}% of its maximum, which is {need} "
        "points.",
    },
    "fails:criterion_at_least": {
        "vi": "Tiêu chí {code} ({label}) đạt {value} điểm, thấp hơn mức {need} điểm mà bộ tiêu chí đòi hỏi.",
        "en": "Criterion {code} ({label}) reaches {value} points, below the {need} points that the criteria ask for.",
    },
    "fails:ballot_share_at_least": {
        "vi": "{value} trong {n} phiếu biểu quyết tán thành, thấp hơn tỷ lệ {need} mà bộ tiêu chí đòi hỏi.",
        "en": "{value} of {n} ballots were in favour, below the share of {need} that the criteria ask for.",
    },
    "fails:eliminated": {
        "vi": "Ở tiêu chí {code} ({label}), hồ sơ rơi vào điều kiện loại của bộ tiêu chí.",
        "en": "At criterion {code} ({label}) the dossier meets an eliminating condition of the criteria.",
    },
    "left_out": {
        "vi": "Hồ sơ đạt mọi điều kiện về điểm của bộ tiêu chí, nhưng quyết định không nêu tên sản phẩm.",
        "en": "The dossier meets every rule about points, but the decision does not name the product.",
    },
    "points": {
        "vi": "Điểm bình quân là {mean} trên {most}, từ điểm của {scorers} trong {asked} thành viên được phân công.",
        "en": "The mean is {mean} of {most}, from the points of {scorers} of the {asked} members assigned.",
    },
    "abstained": {
        "vi": "{n} thành viên không chấm tiêu chí này; việc đó không tính vào điểm bình quân và không tính là 0 điểm.",
        "en": "{n} abstained on this criterion; that is left out of the mean and never counted as zero.",
    },
    "quarter": {
        "vi": "Xét điểm bình quân của tiêu chí, hồ sơ thuộc nhóm một phần tư {quarter} của {compared} hồ sơ cùng được "
        "chấm tiêu chí này.",
        "en": "By the mean of this criterion the dossier is in the {quarter} quarter of the {compared} dossiers that "
        "were scored on it.",
    },
    "reached": {
        "vi": "Điểm bình quân đạt mức {points} điểm của bộ tiêu chí: “{anchor}”.",
        "en": "The mean reaches the level of {points} points: “{anchor}”.",
    },
    "next": {
        "vi": "Mức liền trên, {points} điểm, đòi hỏi: “{anchor}”.",
        "en": "The next level, {points} points, asks for: “{anchor}”.",
    },
    "below_all": {
        "vi": "Điểm bình quân thấp hơn mức thấp nhất mà bộ tiêu chí mô tả, {points} điểm: “{anchor}”.",
        "en": "The mean is below the lowest level that the criteria describe, {points} points: “{anchor}”.",
    },
    "chosen": {
        "vi": "Mức {points} điểm, “{anchor}”, được chọn trên {n} phiếu chấm.",
        "en": "The level of {points} points, “{anchor}”, was chosen on {n} score sheets.",
    },
    "no_levels": {
        "vi": "Bộ tiêu chí không mô tả các mức điểm của tiêu chí này.",
        "en": "The criteria describe no levels for this criterion.",
    },
    "said": {"vi": "Ý kiến ghi trên phiếu chấm: “{words}”", "en": "Written on a score sheet: “{words}”"},
    "said_nothing": {
        "vi": "Không phiếu chấm nào ghi thêm ý kiến về tiêu chí này.",
        "en": "No score sheet has written words about this criterion.",
    },
    "eliminates": {
        "vi": "Điều kiện loại được đánh dấu trên phiếu chấm: “{words}”.",
        "en": "The eliminating condition ticked on a score sheet: “{words}”.",
    },
    "lacking": {
        "vi": "Minh chứng còn thiếu: khi nộp, hồ sơ không có “{paper}”.",
        "en": "Missing evidence: when it was sent the dossier did not hold “{paper}”.",
    },
    "expired": {
        "vi": "Minh chứng hết hiệu lực: “{paper}” có giá trị đến {day}, trước ngày nộp hồ sơ.",
        "en": "Expired evidence: “{paper}” was valid until {day}, before the dossier was sent.",
    },
    "nowhere": {
        "vi": "Bản tự chấm của doanh nghiệp không chỉ ra minh chứng của tiêu chí này ở đâu.",
        "en": "The enterprise's own scoring does not say where the evidence for this criterion is.",
    },
    "silence": {
        "vi": "Thông báo này không nêu tên người chấm và không nêu điểm hay thứ hạng của doanh nghiệp khác.",
        "en": "This letter names no assessor, and no points or rank of any other enterprise.",
    },
    "questions": {
        "vi": "Doanh nghiệp hỏi thêm tại mục trao đổi của hồ sơ trên hệ thống.",
        "en": "Questions can be asked under messages of the dossier in the system.",
    },
}


def number(value: Fraction | Decimal | int, language: str, decimals: int = 2) -> str:
    """Rounded half up, without idle zeros: 15, 7,5 or 61,33."""
    exact = rounded(Fraction(value), decimals)
    text = f"{exact:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if language == "vi" else text


def below(value: Fraction, need: Fraction, language: str) -> str:
    """A value that misses `need`, with as many decimals as it takes to see that."""
    for decimals in (2, 4, 6, 8):
        if Fraction(rounded(value, decimals)) < need:
            return number(value, language, decimals)
    return f"{value.numerator}/{value.denominator}"


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def without_names(text: str, hidden: Iterable[str]) -> tuple[str, bool]:
    """The text without these names, however they are cased; and whether one was found."""
    plain = unicodedata.normalize("NFC", text)
    names = sorted({unicodedata.normalize("NFC", " ".join(name.split())) for name in hidden}, key=len, reverse=True)
    parts = [r"\s+".join(map(re.escape, name.split())) for name in names if len(name) > 1]
    if not parts:
        return plain, False
    cut, times = re.subn(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", CUT, plain, flags=re.IGNORECASE)
    return cut, times > 0
