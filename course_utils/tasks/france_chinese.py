"""The Chinese twin of the sentence that forgets: "我从小就在法国长大。……我能说一口流利的 ___".

Word for word it is the English one: word number i of the one vocabulary is word number i of the
other, so that a seed draws the same sentences, and a network learns the same from both. Countries
and languages are Babel's Chinese names; all other words are the course's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from course_utils.tasks.france import TERRITORIES, FranceSentence, vocabulary
from course_utils.tasks.task import Labels, one_hot

WORDS = {
    "I": "我", "grew": "从小", "up": "就", "in": "在",
    "speak": "能说", "fluent": "一口流利的",
    "my": "我的", "our": "我们的",
    "mother": "母亲", "father": "父亲", "sister": "姐姐", "uncle": "叔叔", "neighbour": "邻居",
    "loved": "喜欢过", "painted": "画过", "sold": "卖过", "repaired": "修过", "collected": "收集过",
    "old": "旧的", "small": "小小的", "blue": "蓝色的", "wooden": "木头的",
    "boats": "船", "clocks": "钟", "kites": "风筝", "maps": "地图", "violins": "小提琴",
    "the": "那里的", "summers": "夏天", "winters": "冬天", "mornings": "早晨", "streets": "街道",
    "were": "以前", "often": "常常", "always": "总是", "never": "从来不",
    "quiet": "安静", "warm": "暖和", "cold": "寒冷", "crowded": "拥挤",
    "we": "我们", "walked": "散步时", "played": "玩耍时", "waited": "等候时",
    "near": "靠近", "behind": "背靠", "beside": "挨着",
    "river": "河", "harbour": "港口", "market": "市场", "school": "学校",
    "today": "今天", "even": "就连", "now": "现在", "after": "过了", "many": "许多", "years": "年",
    "to": "直到", "this": "如今", "very": "这个", "day": "日子",
}  # fmt: skip
GREW_UP = "长大"  # stands behind the country in a written sentence, and is no word of its own


@cache
def chinese_countries() -> dict[str, str]:
    """Countries and their languages in Chinese: {"法国": "法语", ...}, in the English order."""
    from babel import Locale
    from babel.languages import get_official_languages

    chinese = Locale("zh")
    return {
        chinese.territories[code]: chinese.languages[get_official_languages(code)[0]]
        for code in TERRITORIES
    }


@cache
def chinese_vocabulary() -> tuple[str, ...]:
    """All words, at the places of the English ones."""
    names = list(chinese_countries())
    return (*names, *(WORDS[word] for word in vocabulary()[len(names) :]))


class FranceSentenceInChinese(FranceSentence):
    """`FranceSentence` with Chinese words: the same arguments, numbers and lags.

    `distance` counts words, of which the last three are always 我 能说 一口流利的.
    """

    def at(self, distance: int) -> FranceSentenceInChinese:
        return FranceSentenceInChinese(distance, super().at(distance).length)

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(chinese_countries())

    @property
    def answers(self) -> tuple[str, ...]:
        return tuple(chinese_countries().values())

    @property
    def labels(self) -> Labels:
        return Labels(chinese_vocabulary(), self.answers)

    def words(self, sample: np.ndarray) -> list[str]:
        return [chinese_vocabulary()[i] for i in np.asarray(sample).argmax(axis=-1)]

    def encode(self, words: str | Sequence[str]) -> np.ndarray:
        """Words, or a text without spaces between them, as one batch (1, T, words).

        Raises:
            ValueError: if there is no word, or one outside the vocabulary.
        """
        number = {word: i for i, word in enumerate(chinese_vocabulary())}
        text = re.sub(rf"\W|_|{GREW_UP}", "", "".join(words))
        longest = "|".join(sorted(number, key=len, reverse=True))
        known = re.findall(longest, text)
        if left := re.sub(longest, " ", text).split():
            raise ValueError(
                f"{left[0]!r} is not one of the {len(number)} words of this task, see "
                "task.labels.inputs."
            )
        if not known:
            raise ValueError("words is empty; give at least one word of the vocabulary.")
        return one_hot(np.array([[number[word] for word in known]]), len(number))

    def text(self, sample: np.ndarray) -> str:
        """One sample (T, words) as Chinese sentences that end in a blank."""
        chinese = self.words(sample)
        written = FranceSentence().text(sample).removesuffix(" ___").split(" ")
        before = "……" if written[0] == "..." else ""
        parts = [
            word + GREW_UP * (word in self.countries) + "。" * mark.endswith(".")
            for word, mark in zip(chinese, written[-len(chinese) :], strict=True)
        ]
        return f"{before}{''.join(parts)} ___"

    def _describe(self) -> str:
        return FranceSentence._describe(self) + " Its words are Chinese."
