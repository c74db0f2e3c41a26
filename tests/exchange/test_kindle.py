"""A Kindle's clippings in every language and form that devices write, with what its publishers cut away."""

import time
from datetime import UTC, datetime

import pytest

from margent.errors import MargentError
from margent.exchange import programs
from margent.exchange.parcel import Parcel, key_of

pytestmark = pytest.mark.usefixtures("in_brussels")
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
QUOTE = "The corridor reopened on 3 May."


def read(data: bytes, name: str = "My Clippings.txt") -> list[Parcel]:
    return programs.read(data, name)


def clippings(*entries: tuple[str, str]) -> bytes:
    text = "".join(f"Access brief (Unit, Policy)\n{line}\n\n{words}\n==========\n" for line, words in entries)
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "line",
    [
        "- Your Highlight on page 4 | Location 55-57 | Added on Tuesday, November 24, 2026 11:00:00 AM",
        "- Ihre Markierung auf Seite 4 | Position 55-57 | Hinzugefügt am Dienstag, 24. November 2026 11:00:00",
        "- Votre surlignement sur la page 4 | emplacement 55-57 | Ajouté le mardi 24 novembre 2026 11:00:00",
        "- La subrayado en la página 4 | posición 55-57 | Añadido el martes, 24 de noviembre de 2026 11:00:00",
        "- La tua evidenziazione a pagina 4 | posizione 55-57 | Aggiunto in data martedì 24 novembre 2026 11:00:00",
        "- Seu destaque na página 4 | posição 55-57 | Adicionado: terça-feira, 24 de novembro de 2026 11:00:00",
        "- Je markering op pagina 4 | locatie 55-57 | Toegevoegd op dinsdag 24 november 2026 11:00:00",
        "- Ваш выделенный отрывок на странице 4 | Место 55–57 | Добавлено: вторник, 24 ноября 2026 г. в 11:00:00",
        "– Ваш выделенный отрывок на странице 4 | Место 55–57 | Добавлено: вторник, 24 ноября 2026 г. в 11:00:00",
        "- Je highlight op pagina 4 | locatie 55 t/m 57 | Toegevoegd op Tuesday, November 24, 2026 11:00:00 AM",
        "- Deine Markierung auf Seite 4 | bei Position 55-57 | Hinzugefügt am Tuesday, November 24, 2026 11:00:00 AM",
        "- Your Highlight on page 4 | Location 55-57 | Added on Tuesday, November 24, 2026 11:00:00\u202fAM",
        "- Your Highlight on page 4 | Location 55-57 | Added on Tuesday, 11/24/2026 11:00:00 AM",
        "- Your Highlight on page 4 | Location 55-57 | Added on Tuesday, 24/11/2026 11:00:00",
        "- Your Highlight on page 4 | Location 55-57 | Added on 24.11.2026 11:00:00",
        "- Your Highlight on page 4 | Location 55-57 | Added on 2026-11-24 11:00:00",
        "- Your Highlight on page 4 | Location 55-57 | Added on Tue, Nov 24, 2026 11:00:00 AM",
        "- Highlight on Page 4 | Loc. 55-57  | Added on Tuesday, November 24, 2026, 11:00 AM",
        "- Your Highlight at location 55-57 on page 4 | Added on Tuesday, 24 November, 2026 11:00:00 AM",
        "- Votre surlignement sur la page 4 | emplacement 55-57 | Ajouté le mardi 24 novembre 2026 à 11:00:00",
        "- 4ページ｜位置No. 55-57のハイライト | 作成日: 2026年11月24日火曜日 午前11:00:00",
        "- 您在第 4 页（位置 #55-57）的标注 | 添加于 2026年11月24日星期二 上午11:00:00",
        "- 4ページ|位置No. 55-57のハイライト |作成日: 2026年11月24日火曜日 11:00:00",
    ],
)
def test_kindle_in_the_language_of_the_device(line: str) -> None:
    (parcel,) = read(clippings((line, QUOTE)))
    (remark,) = parcel.remarks
    assert (parcel.title, parcel.authors) == ("Access brief", ("Policy Unit",))
    assert (remark.exact, remark.page, remark.created, remark.author) == (QUOTE, "4", TEN, "")


PLACE = "Location 55-57 | Added on Tuesday, November 24, 2026 11:00:00 AM"


def test_kindle_joins_notes_and_takes_an_edited_highlight_once() -> None:
    data = clippings(
        (f"- Your Highlight on {PLACE}", "The corridor reopened"),
        (f"- Your Highlight on {PLACE}", QUOTE),
        ("- Your Note on Location 57 | Added on Tuesday, November 24, 2026 1:00:00 PM", "First thought."),
        ("- Your Note on Location 57 | Added on Tuesday, November 24, 2026 1:00:00 PM", "Check with the mission."),
        ("- Your Bookmark on Location 60 | Added on Tuesday, November 24, 2026 1:00:00 PM", ""),
        ("- Your Highlight on Location 90-91 | Added on Tuesday, November 24, 2026 1:00:00 PM", "Other words"),
        ("- Your Note on Location 300 | Added on Tuesday, November 24, 2026 1:00:00 PM", "By itself."),
    )
    (parcel,) = read(data)
    assert [(one.exact, one.note) for one in parcel.remarks] == [
        (QUOTE, "Check with the mission."),
        ("Other words", ""),
        ("", "By itself."),
    ]


def test_kindle_says_where_the_publisher_cut_a_highlight_short() -> None:
    (parcel,) = read(clippings((f"- Your Highlight on {PLACE}", "Some words <You have reached the clipping limit>")))
    assert parcel.remarks[0].exact == "Some words"
    assert "limit" in parcel.lost[0]


@pytest.mark.parametrize(
    "said",
    [
        "<You have reached the clipping limit for this item>",
        " <You have reached the clipping limit set by the publishers>",
        "<Sie haben die maximale Anzahl der Ausschnitte für diesen Titel erreicht>",
        "<Vous avez atteint le nombre d'éléments qu'il est permis de surligner>",
        "<Has alcanzado el límite de recortes para este artículo>",
        "<Вы достигли предела количества вырезок для этого контента>",
        "您已达到本内容的剪贴上限",
        "<このアイテムのクリップ上限に達しました>",
    ],
)
def test_kindle_entry_of_the_limit_alone_is_no_highlight(said: str) -> None:
    kept = (f"- Your Highlight on {PLACE}", QUOTE)
    (parcel,) = read(clippings(kept, (f"- Your Highlight on {PLACE.replace('55-57', '90-91')}", said)))
    assert [one.exact for one in parcel.remarks] == [QUOTE]
    assert "the publisher's limit left nothing of 1 highlight(s)" in parcel.lost[0]


@pytest.mark.parametrize(
    "line",
    [
        "- Ihre Notiz bei Position 57 | Hinzugefügt am Dienstag, 24. November 2026 um 12:00:00 Uhr",
        "- Votre note sur la page 4 | emplacement 57 | Ajouté le mardi 24 novembre 2026 à 12:00:00",
        "- Tu nota en la posición 57 | Añadido el martes, 24 de noviembre de 2026 12:00:00",
        "- Sua nota na posição 57 | Adicionado: terça-feira, 24 de novembro de 2026 12:00:00",
        "-  La tua nota alla posizione 57 | Aggiunto in data martedì 24 novembre 2026 12:00:00",
        "– Ваша заметка в месте 57 | Добавлено: вторник, 24 ноября 2026 г. в 12:00:00",
        "- 您在位置 #57 的笔记 | 添加于 2026年11月24日星期二 下午12:00:00",
        "- 位置No. 57のメモ |作成日: 2026年11月24日火曜日 12:00:00",
    ],
)
def test_kindle_notes_meet_their_highlights_in_every_language(line: str) -> None:
    (parcel,) = read(clippings((f"- Your Highlight on {PLACE}", QUOTE), (line, "Ask.")))
    (remark,) = parcel.remarks
    assert (remark.exact, remark.note, remark.created, remark.modified) == (QUOTE, "Ask.", TEN, TEN.replace(hour=11))


def test_kindle_highlight_is_known_again_when_a_note_was_written_to_it_later() -> None:
    mark = (f"- Your Highlight on {PLACE}", QUOTE)
    later = ("- Your Note on Location 57 | Added on Tuesday, November 24, 2026 1:00:00 PM", "Check.")
    (before,), (after,) = read(clippings(mark)), read(clippings(mark, later))
    assert key_of(before, before.remarks[0]) == key_of(after, after.remarks[0])
    assert (after.remarks[0].note, after.remarks[0].modified) == ("Check.", TEN.replace(hour=12))


def test_kindle_entry_that_was_not_written_to_its_end_is_told() -> None:
    whole = clippings((f"- Your Highlight on {PLACE}", QUOTE))
    torn = clippings((f"- Your Highlight on {PLACE.replace('55-57', '90-91')}", "Half of some"))
    (parcel,) = read(whole + torn.removesuffix(b"==========\r\n"))
    assert [one.exact for one in parcel.remarks] == [QUOTE, "Half of some"]
    assert parcel.lost == ("My Clippings.txt: 1 entry(ies) are damaged and could not be read whole.",)


def test_kindle_notes_in_documents_of_pages_meet_their_highlights_there() -> None:
    when = "Added on Tuesday, November 24, 2026 11:00:00 AM"
    data = clippings(
        (f"- Your Highlight on page 4-4 | {when}", QUOTE),
        (f"- Your Note on page 4 | {when}", "Ask."),
        (f"- Your Note on page 9 | {when}", "Alone."),
    )
    (parcel,) = read(data)
    assert [(one.exact, one.note) for one in parcel.remarks] == [(QUOTE, "Ask."), ("", "Alone.")]


def test_kindle_says_what_it_leaves_out_and_knows_the_newest_marks() -> None:
    data = clippings(
        (f"- Your Underline on {PLACE}", QUOTE),
        ("– Ваша закладка в месте 60 | Добавлено: Wednesday, August 12, 2026 в 7:45:00 AM", ""),
    )
    (parcel,) = read(data)
    assert parcel.remarks[0].style == "underline"
    assert parcel.lost == ("1 bookmark(s) without words were left out.",)
    (parcel,) = read(data.replace(b"- Your Underline", b"Your Underline") + clippings(("- " + PLACE, "Words.")))
    assert parcel.lost[-1] == "My Clippings.txt: 1 entry(ies) are damaged and could not be read whole."


@pytest.mark.parametrize(
    ("line", "title", "authors"),
    [
        ("Access brief  ", "Access brief", ()),
        ("Access (Part Two)  ", "Access (Part Two)", ()),
        ("Access (Part Two) (Unit, Policy;Other)", "Access (Part Two)", ("Policy Unit", "Other")),
    ],
)
def test_kindle_titles_with_and_without_authors(line: str, title: str, authors: tuple[str, ...]) -> None:
    data = f"{line}\r\n- Your Highlight on {PLACE}\r\n\r\n{QUOTE}\r\n==========\r\n"
    (parcel,) = read(data.encode())
    assert (parcel.title, parcel.authors) == (title, authors)


def test_kindle_file_of_bookmarks_alone_is_said_to_hold_nothing() -> None:
    with pytest.raises(MargentError, match=r"My Clippings\.txt has no annotations in it.*1 bookmark"):
        read(clippings(("- Your Bookmark on Location 60 | Added on Tuesday, November 24, 2026 1:00:00 PM", "")))


@pytest.mark.parametrize(
    "line",
    [
        "- 4. sayfada, 55-57 konumunda vurgunuz | 24 Kasım 2026 Salı 10:15:00 tarihinde eklendi",
        "- 4페이지의 하이라이트 | 위치 55-57 | 추가됨 2026년 11월 24일 화요일 오전 10:15:00",
        "- 您在第 4 页（位置 #55-57）的标注 | 添加于 2026年11月24日星期二 上午10:15:00",
    ],
)
def test_a_note_finds_its_highlight_where_the_number_comes_first(line: str) -> None:
    note = "- Your Note on page 4 | Location 57 | Added on Tuesday, November 24, 2026 10:16:00 AM"
    text = f"Brief (Unit)\n{line}\n\nThe corridor reopened.\n==========\nBrief (Unit)\n{note}\n\nAsk.\n==========\n"
    (parcel,) = read(text.encode())
    (remark,) = parcel.remarks
    assert (remark.exact, remark.note, remark.page) == ("The corridor reopened.", "Ask.", "4")


@pytest.mark.parametrize("place", [f"{'7' * 5000}-8", f"7-{'8' * 5000}"])
def test_kindle_numbers_that_nobody_counts_to_are_none(place: str) -> None:
    line = f"- Your Highlight on Location {place} | Added on Tuesday, November {'9' * 5000}, 2026 11:00:00 AM"
    (parcel,) = read(clippings((line, QUOTE)))
    assert [(remark.exact, remark.created) for remark in parcel.remarks] == [(QUOTE, None)]


@pytest.mark.parametrize("filling", [" ", "(", ")", " (", "<"])
def test_kindle_lines_without_end_take_no_time(filling: str) -> None:
    begun = time.process_time()
    text = f"Access{filling * 4_000}x\n- Your Highlight on {PLACE}\n\nWords{filling * 4_000}x\n==========\n"
    assert len(read(text.encode())[0].remarks) == 1
    assert time.process_time() - begun < 2
