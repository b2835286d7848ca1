"""Every word of the interface, so that a translation is one more instance of `Strings`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.records import Answer, Article
from ui.text import whole_percent


@dataclass(frozen=True, kw_only=True)
class Strings:
    """The interface in British English. Braces are filled in by the functions that use a string."""

    language: str = "en"
    name: str = "Footnote"
    title: str = "Footnote: ask the articles"
    welcome: str = "Ask the articles"
    promise: str = "Every sentence of an answer cites the exact words it rests on."
    no_articles: str = "This corpus holds no articles yet."
    placeholder: str = "Ask a question"
    question_label: str = "Your question"
    send: str = "Ask"
    stop: str = "Stop"
    new: str = "New conversation"
    theme: str = "Switch between light and dark"
    log_in: str = "Log in to ask the articles."
    log_out: str = "Log out"
    try_one: str = "Questions these articles answer"
    go_on: str = "Go on with"

    searching: str = "Reading the articles…"
    stopped: str = "Stopped before the answer was complete."
    not_an_upload: str = "This file is no longer where it was uploaded to: add it again."
    not_stored: str = "This could not be stored beside the articles: {reason}."
    failed: str = "Something went wrong while answering. The details are in the server's log."
    answered: str = "The answer is there: {beginning}"
    short: str = "In short"
    sources: str = "Sources"
    as_of: str = "As of {date}, when this article was published."
    as_of_newest: str = "As of {date}, when the newest of these articles was published."
    other_numbers: str = "The articles give different numbers"
    other_dates: str = "The articles give different dates"
    other_stances: str = "The articles say opposite things"
    cite_label: str = "Source {number}: {about}"
    nearest: str = "The nearest passages, though they do not answer it"
    filtered: str = "Asked only of {filter}"
    from_date: str = "from {date}"
    to_date: str = "to {date}"

    source: str = "Source"
    close: str = "Close the source"
    previous: str = "Previous quote"
    next: str = "Next quote"
    position: str = "{number} of {total}"
    passage: str = "Nearest passage"
    copy: str = "Copy"
    copy_hint: str = "Copy the quote with its reference"
    copied: str = "Copied"
    original: str = "Original"
    file: str = "File"
    file_hint: str = "Save the file that this article was read from"
    gone: str = "This article is no longer in the corpus."
    by: str = "By {author}"
    undated: str = "undated"

    why: str = "Why this answer"
    considered: str = "Passages considered"
    considered_note: str = "Best first, as the reader ranked them. Open one to see it in its article."
    searched_for: str = "Searched for"
    confidence: str = "Confidence"
    was_answered: str = "enough to answer"
    was_refused: str = "too little to answer"
    written_by: str = "Written by"
    extractive: str = "no language model: the articles' own sentences"
    tokens: str = "Tokens in and out"
    cost: str = "Cost"
    took: str = "Took"
    relevance: str = "relevance"
    not_read: str = "not read"
    cited_as: str = "cited as {numbers}"
    not_cited: str = "not cited"
    good: str = "Good answer"
    bad: str = "Bad answer"
    thanks: str = "Noted, thank you."
    should_have: str = "What should it have said?"
    save: str = "Save"
    edit: str = "Edit the question"
    retry: str = "Ask again"

    corpus: str = "Articles to ask"
    narrow: str = "Narrow down"
    since: str = "From"
    until: str = "To"
    outlet: str = "Outlet"
    any_outlet: str = "Any outlet"
    author: str = "Author"
    any_author: str = "Any author"
    no_date: str = "“{text}” is not a date: write it as 2023-07-10."
    empty_range: str = "The range from {start} to {end} is empty: swap the dates."

    how_sure: str = "How sure must it be to answer?"
    usual: str = "Usually {threshold}; these articles reached {confidence}."
    would_answer: str = "At {value} it answers. Let go to see what it would say."
    would_refuse: str = "At {value} it still does not answer."
    unsure: str = "Only {confidence} sure: shown because you asked for it."

    close_drawer: str = "Close"
    past_search: str = "Search the conversations"
    past_none: str = "Conversations that you have here are kept in this browser, and only in this browser."
    past_on_server: str = "Your newest conversations are kept on this server, where whoever runs it can read them."
    too_long_to_keep: str = "This conversation has become too long to be kept any further: start a new one."
    not_kept: str = "This conversation could not be kept. The details are in the server's log."
    not_your_page: str = "Somebody else has logged in with this browser since this page was opened: reload it."
    rename: str = "Rename"
    rename_label: str = "Rename {name}"
    delete: str = "Delete"
    delete_label: str = "Delete {name}"
    really_delete: str = "Really delete?"
    take_away: str = "Take this conversation away"
    open_file: str = "Open one from a file"
    file_name: str = "footnote-conversation"
    proof: str = "Characters {start} to {end} of the article with SHA-256 {sha256}"
    too_long_to_open: str = "The file is longer than {count} characters: it cannot be opened here."
    too_large_to_open: str = "The file is too large to be opened here."
    not_a_conversation: str = "The file is not a conversation exported as JSON from here (at {where})."
    quote_gone: str = "Quote {number} no longer stands in “{title}”: the article has changed."
    article_gone: str = "“{title}”, the source of quote {number}, is no longer in the corpus."
    source_differs: str = "Quote {number} is from {about}: the conversation gave another title, outlet or date."
    passage_gone: str = "The passage no longer stands in “{title}”: the article has changed."

    depth: str = "Most passages read for an answer"
    sentences: str = "Most sentences in an answer"
    generator: str = "Answers are written by"

    library: str = "Library"
    library_search: str = "Search title, outlet, author or date"
    back: str = "Back to the conversation"
    found: str = "{found} of {all} articles"
    column_title: str = "Title"
    column_date: str = "Published"
    column_length: str = "Characters"
    column_passages: str = "Passages"
    column_status: str = "Status"
    ready: str = "Searchable"
    not_searched: str = "No text to search"
    only_period: str = "Ask only about {period}: {count}"
    only_outlet: str = "Ask only {outlet}"
    remove: str = "Remove"
    remove_label: str = "Remove {title}"
    really: str = "Really remove?"
    earlier: str = "‹ Before"
    later: str = "More ›"
    add_files: str = "Add articles: drop files here, or click to choose"
    paste_title: str = "Title"
    paste_text: str = "Or paste a text"
    paste: str = "Add the text"
    title_and_text: str = "A pasted article needs a title and a text."
    too_many_files: str = "Choose at most {most} files at a time."
    taken_in: str = "“{title}” is in the library."
    removed: str = "“{title}” was removed."
    file_stays: str = "“{title}” was removed, but its uploaded file stays: {reason}."
    added: str = "{count} added"
    changed: str = "{count} changed"
    renamed: str = "{count} under a new name"
    unchanged: str = "{count} already there"
    nothing_added: str = "Nothing was added"
    progress: str = "{stage} {done} of {total} {item}"
    past: str = "Conversations"
    settings: str = "Settings"

    articles_one: str = "1 article"
    articles_many: str = "{count} articles"
    span: str = "{first} to {last}"
    months: tuple[str, ...] = (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )  # fmt: skip

    @property
    def differences(self) -> dict[str, str]:
        """What stands above the words in which articles differ, for each kind of difference."""
        return {"number": self.other_numbers, "date": self.other_dates, "stance": self.other_stances}

    @property
    def stages(self) -> dict[str, str]:
        """The names of the stages that an answer's timings tell apart."""
        return {"standalone": "question", "retrieve": "search", "read": "reading", "generate": "writing"}

    @property
    def ranks(self) -> dict[str, str]:
        """The names of the two searches."""
        return {"dense": "by meaning", "lexical": "by words"}

    def date(self, day: date) -> str:
        """Return a date as it is read, `2 August 2022`."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def warning(self, answer: Answer) -> str:
        """Return what stands with an answer that is only shown because its reader lowered the bar."""
        return self.unsure.format(confidence=f"{whole_percent(answer.confidence)}%")

    def imprint(self, article: Article) -> str:
        """Return outlet and date, as far as they are known."""
        published = self.date(article.published) if article.published else None
        return " · ".join(part for part in (article.source, published) if part)

    def about(self, article: Article) -> str:
        """Return title, outlet and date on one line."""
        return ", ".join(part for part in (article.title, self.imprint(article).replace(" · ", ", ")) if part)


ENGLISH = Strings()
