# SPDX-License-Identifier: Apache-2.0
"""A page as a test reads it: its links, whether those within it lead somewhere, and Chinese that an English page does not mark as Chinese."""
import collections
import html.parser
import re

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-l")
ADDRESSES = ("href", "src", "action")


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.lang, self.links, self.unmarked, self.ids = "", [], [], collections.Counter()
        self._open = []  # elements: (name, language)
        self.feed(text)

    def _language(self):
        return next((lang for _, lang in reversed(self._open) if lang), "")

    def _check(self, text, lang, where):
        if self.lang == "en" and HAN.search(text) and not lang.startswith("zh"):
            self.unmarked.append(f"{where}: {text.strip()[:60]}")

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        lang = attrs.get("lang") or self._language()
        if tag == "html":
            self.lang = lang
        if "id" in attrs:
            self.ids[attrs["id"]] += 1
        for name in SPOKEN:
            self._check(attrs.get(name, ""), lang, f"{tag} {name}")
        self.links += [attrs[name] for name in ADDRESSES if name in attrs]
        if tag not in VOID:
            self._open.append((tag, attrs.get("lang")))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag = self._open[-1][0] if self._open else ""
        if tag not in ("title", "style", "script"):  # a title has one language, that of the page
            self._check(data, self._language(), tag)


def links(text):
    return Page(text).links


def problems(text):
    """What is wrong with any page that has it: an id that stands twice, a link to a part that is not there, unmarked Chinese."""
    page = Page(text)
    found = [f'id="{i}" stands {n} times' for i, n in page.ids.items() if n > 1]
    found += [f"{link} leads nowhere" for link in page.links if link.startswith("#") and link[1:] not in page.ids]
    return found + [f"Chinese that is not marked on an English page: {text}" for text in page.unmarked]
