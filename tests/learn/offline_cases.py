"""Conversations the offline learner is held to, written for the purpose: none is taken from a data set.

A case is a row: an id, the turns (user first, then taking turns; `DONE` is an assistant that
delivered), and what must stand in the rules, or nothing where it has to abstain.
"""

from __future__ import annotations

from dataclasses import dataclass

DONE = (
    "Here is the finished work, in full, as you asked for it. It covers every part of the request, from the first "
    "point to the last one, with the details that seemed useful, and it ends with a short summary of what was done."
)
HERE = "Here you go."
OK = "OK."


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation: `rules` are pieces of text that must stand in a rule each, in any order."""

    id: str
    turns: tuple[str, ...]
    rules: tuple[str, ...] = ()


TEACHES = (
    Case(
        "release-steps",
        ("Before each release, run regression -> canary -> monitor -> full rollout.", OK),
        ("regression",),
    ),
    Case("from-now-on", ("From now on, answer me in British English.", OK), ("British English",)),
    Case("always-first-message", ("Always run the linter before you commit.", OK), ("linter",)),
    Case("never-first-message", ("Never commit directly to main in this repo.", OK), ("main",)),
    Case(
        "convention-first-message",
        ("Our team's convention is to prefix branch names with the ticket id.", OK),
        ("ticket id",),
    ),
    Case("we-use", ("In this repo we use pnpm, not npm.", OK), ("pnpm",)),
    # beside a request for one piece of work, of all its kind
    Case(
        "such-a-report",
        ("Write a report on tea for the board. Always cite a source for every figure in such a report.", DONE),
        ("Always cite a source",),
    ),
    Case(
        "in-release-notes",
        ("Write the release notes of 2.4. In release notes, always list breaking changes first.", DONE),
        ("breaking changes first",),
    ),
    Case(
        "my-lesson-plans",
        ("Make a lesson plan about volcanoes. My lesson plans must always start with a question.", DONE),
        ("start with a question",),
    ),
    Case(
        "my-changelog-entries",
        ("Create a changelog entry for 2.1. My changelog entries should always start with a verb.", DONE),
        ("start with a verb",),
    ),
    Case(
        "summaries-never",
        ("Summarize this article for me. Summaries must never be longer than five sentences.", DONE),
        ("five sentences",),
    ),
    Case("zh-always-a-plan", ("以后写周报，总是在最后附上下周计划。", "好的"), ("下周计划",)),
    Case("no-tables", ("Write a report about our sales in May", DONE, "No tables please."), ("tables",)),
    Case(
        "dont-use-bullets",
        ("Draft an email to the supplier", DONE, "Don't use bullet points, write full sentences."),
        ("bullet points",),
    ),
    Case(
        "avoid-jargon",
        ("Write a blog post on inflation", DONE, "Avoid jargon and keep sentences short."),
        ("Avoid jargon", "sentences short"),
    ),
    Case(
        "cite-sources",
        ("Write a market report", DONE, "Cite a source for every figure."),
        ("Cite a source for every figure",),
    ),
    Case(
        "uv-not-pip",
        ("Add a CLI to this package", DONE, "no, use uv instead of pip in this repo"),
        ("uv instead of pip",),
    ),
    Case("no-comments", ("Implement the parser", DONE, "don't add comments"), ("add comments",)),
    Case(
        "stop-mocking",
        ("Write tests for the store", DONE, "stop mocking the database in tests"),
        ("mocking the database",),
    ),
    Case(
        "told-you",
        ("Fix the login bug", DONE, "I told you already: run the tests before you push."),
        ("run the tests before you push",),
    ),
    Case(
        "ask-before",
        ("Clean up the migrations", DONE, "Always ask before you delete files."),
        ("ask before you delete",),
    ),
    Case(
        "make-sure-habit",
        ("Refactor the client", DONE, "Make sure all public functions have docstrings."),
        ("docstrings",),
    ),
    Case(
        "commit-messages",
        ("Commit the changes", DONE, "Commit messages should be in the imperative mood."),
        ("imperative",),
    ),
    Case(
        "polite-order",
        ("Write a press release", DONE, "Could you please not use exclamation marks?"),
        ("exclamation marks",),
    ),
    Case(
        "prefer",
        ("Write a summary of the meeting", DONE, "I prefer short paragraphs without headings."),
        ("short paragraphs",),
    ),
    Case("rejected-means", ("Install the dependencies", DONE, "No, use poetry."), ("poetry",)),
    Case(
        "next-time",
        ("Write the weekly report", DONE, "Great. Next time start with the numbers."),
        ("start with the numbers",),
    ),
    Case("remember", ("Plot the results", DONE, "Remember: axes need units."), ("units",)),
    Case(
        "in-this-project", ("Add an endpoint", DONE, "In this project use snake_case for JSON keys."), ("snake_case",)
    ),
    Case(
        "hard-number",
        ("Write an abstract", DONE, "It must not exceed 250 words; abstracts must be at most 250 words."),
        ("250 words",),
    ),
    Case(
        "ack-then-rule",
        ("Write a cover letter", DONE, 'Looks good, but please don\'t start with "I am writing to".'),
        ("I am writing to",),
    ),
    Case("zh-no-tables", ("写一份季度总结", DONE, "不要用表格，结论放在最前面"), ("不要用表格", "结论放在最前面")),
    Case("zh-from-now-on", ("以后回答都用中文，代码注释用英文。", "好的"), ("中文",)),
    Case("zh-every-time", ("每次发布前都要先跑回归测试，再灰度，最后全量。", "好的"), ("回归测试",)),
    Case(
        "zh-convention",
        ("帮我写一个接口文档", DONE, "我们团队的规范是：字段名一律用小写下划线，时间用 ISO 8601。"),
        ("小写下划线", "ISO 8601"),
    ),
    Case("zh-default", ("画一个折线图", DONE, "默认用 Arial 字体，图例放在右上角"), ("Arial",)),
    Case(
        "zh-quality",
        ("写一个产品介绍", DONE, "语言要平实，不要夸张，数据要注明来源。"),
        ("语言要平实", "不要夸张", "数据要注明来源"),
    ),
    Case("zh-agent", ("给这个模块加测试", DONE, "别 mock 数据库，用真实的 sqlite。"), ("mock 数据库",)),
    Case("zh-traditional", ("幫我寫一份會議記錄", DONE, "以後不要使用表情符號，一律用繁體中文。"), ("表情符號",)),
    Case("zh-lab", ("写一个离心的步骤", DONE, "转速严禁超过 4000 rpm，这是我们组的规定。"), ("4000 rpm",)),
    Case("zh-dont-invent", ("写一份调研报告", DONE, "日期和人名不要自己编，用占位符代替"), ("不要自己编",)),
    Case("es-no-tables", ("Escribe un informe sobre las ventas", DONE, "No uses tablas, por favor."), ("uses tablas",)),
    Case("es-from-now-on", ("A partir de ahora responde siempre en español.", "Vale."), ("español",)),
    Case(
        "fr-no-bullets",
        ("Rédige un rapport sur le projet", DONE, "N'utilise pas de puces et cite tes sources."),
        ("puces",),
    ),
    Case("fr-from-now-on", ("Désormais, réponds toujours en français.", "D'accord."), ("français",)),
    Case(
        "de-no-emojis", ("Schreibe einen Bericht über das Projekt", DONE, "Bitte keine Emojis verwenden."), ("Emojis",)
    ),
    Case("de-from-now-on", ("Ab jetzt antworte bitte immer auf Deutsch.", "Gut."), ("Deutsch",)),
    Case("pt-avoid", ("Escreva um relatório sobre as vendas", DONE, "Não use tabelas e evite jargão."), ("tabelas",)),
    Case("it-no-tables", ("Scrivi una relazione sulle vendite", DONE, "Non usare tabelle."), ("tabelle",)),
    Case("ru-no-tables", ("Напиши отчёт о продажах", DONE, "Не используй таблицы."), ("таблицы",)),
    Case("ru-from-now-on", ("Впредь всегда пиши комментарии на английском.", "Хорошо."), ("английском",)),
    Case("ja-no-bullets", ("売上のレポートを書いてください", DONE, "箇条書きは使わないでください。"), ("箇条書き",)),
    Case("ja-from-now-on", ("今後は必ず敬語で答えてください。", "承知しました。"), ("敬語",)),
    Case("ko-no-tables", ("매출 보고서를 작성해 주세요", DONE, "표는 사용하지 마세요."), ("표는 사용하지",)),
    Case("ko-from-now-on", ("앞으로 항상 존댓말로 답해 주세요.", "네."), ("존댓말",)),
    Case(
        "emails-short",
        (
            "Write a cover letter for a data analyst job",
            DONE,
            "Too wordy. Keep it to three short paragraphs and drop the buzzwords.",
        ),
        ("three short paragraphs",),
    ),
    Case(
        "summaries-limitations",
        ("Summarize this paper", DONE, "Summaries must list the limitations at the end."),
        ("limitations",),
    ),
    Case(
        "slides-no-animations",
        ("Make a slide deck on Q3 results", DONE, "One idea per slide, max 20 words each. No animations."),
        ("No animations",),
    ),
    Case("german-formal", ("Translate this into German", DONE, "Use the formal Sie form throughout."), ("Sie form",)),
    Case(
        "release-notes-public",
        ("Write release notes for 2.3", DONE, "Release notes are for customers, so leave out internal ticket numbers."),
        ("internal ticket numbers",),
    ),
    Case(
        "public-api",
        ("Refactor this module", DONE, "please don't touch the public API when refactoring"),
        ("public API",),
    ),
    Case(
        "pytest-fixtures",
        ("write unit tests for utils.py", DONE, "we use pytest here not unittest, and never use fixtures with autouse"),
        ("autouse",),
    ),
    Case(
        "keeps-adding",
        ("Update the docs", DONE, "You keep adding trailing whitespace. Stop doing that."),
        ("Stop doing that",),
    ),
    Case("pr-titles", ("Create a PR", DONE, "PR titles must follow conventional commits."), ("conventional commits",)),
    Case(
        "never-force-push",
        ("Fix bug #12", DONE, "wrong. never force-push; always create a new commit."),
        ("Always create a new commit",),
    ),
    Case(
        "as-a-rule-answer-first",
        ("hi", OK, "As a rule, give me the answer first and the reasoning after."),
        ("answer first",),
    ),
    Case(
        "all-my-emails",
        ("For all my emails: sign with 'Best, Ann' and never use exclamation marks.", "Got it."),
        ("exclamation marks",),
    ),
    Case("metric-units", ("Remember that I want metric units in every recipe.", "OK"), ("metric units",)),
    Case(
        "no-numbers-in-titles",
        ("Write a blog post about cats", DONE, "I hate clickbait titles, so no numbers in titles."),
        ("No numbers in titles",),
    ),
    Case(
        "round-percentages",
        ("analyze the csv", DONE, "Round percentages to one decimal and report medians, not means."),
        ("Round percentages",),
    ),
    Case("zh-one-line-each", ("写一份周报", DONE, "太啰嗦了，每条不超过一行，先写结果再写过程。"), ("每条不超过一行",)),
    Case("zh-proper-nouns", ("翻译这段话", DONE, "专有名词保留英文，不要意译。"), ("不要意译",)),
    Case(
        "zh-resume",
        ("帮我改简历", DONE, "不要用第一人称，动词开头，每条都要有量化数据"),
        ("不要用第一人称", "量化数据"),
    ),
    Case("zh-sql", ("写一个SQL查询", DONE, "关键字一律大写，别用 select *"), ("关键字一律大写",)),
    Case(
        "zh-email-tone",
        ("帮我写封邮件给客户", DONE, "语气客气一点，开头要称呼对方职位，结尾署名用“小李”"),
        ("语气客气一点", "署名用“小李”"),
    ),
    Case("zh-test-names", ("生成测试用例", DONE, "测试用例要覆盖异常路径，命名用 should_ 开头"), ("覆盖异常路径",)),
    Case(
        "zh-charts",
        ("做个数据分析报告", DONE, "图表统一用蓝色系，保留两位小数，单位用万元"),
        ("蓝色系", "两位小数", "单位用万元"),
    ),
    Case("zh-indent", ("写代码", DONE, "我习惯用四个空格缩进，不要用 tab"), ("四个空格缩进", "不要用 tab")),
    Case("zh-weekly-order", ("以后写周报，先列数据，再写结论，最后给下周计划。", "好"), ("先列数据",)),
    Case("zh-no-spice", ("记住：我不吃辣，推荐菜的时候避开。", "好的"), ("我不吃辣",)),
    Case("zh-headline", ("写一篇新闻稿", DONE, "标题不超过20字，导语要交代时间地点人物"), ("标题不超过20字",)),
    Case(
        "de-no-floskeln",
        ("Schreib eine E-Mail an den Kunden", DONE, "Nicht so förmlich, duze den Kunden und verzichte auf Floskeln."),
        ("Floskeln",),
    ),
    Case(
        "fr-vouvoie",
        ("Rédige un mail au client", DONE, "Vouvoie toujours le client et évite les anglicismes."),
        ("Vouvoie",),
    ),
    Case(
        "es-anglicismos",
        ("Escribe un correo al cliente", DONE, "Tutea al cliente y evita los anglicismos."),
        ("anglicismos",),
    ),
    Case(
        "agent-suite",
        (
            "Run the benchmarks",
            DONE,
            "Don't run the full suite, it takes an hour. Run only the affected tests unless I ask.",
        ),
        ("full suite", "affected tests"),
    ),
    Case("spaces-not-tabs", ("Set up the project", DONE, "use spaces not tabs"), ("spaces not tabs",)),
    # each time something happens, after a question was answered
    Case(
        "whenever-build",
        ("What broke the build?", "A missing import.", "Whenever a build fails, show me the first error only."),
        ("Whenever a build fails, show me the first error only",),
    ),
    Case(
        "zh-every-build",
        ("测试为什么挂了？", "缺少依赖。", "每次构建失败，只给我看第一个错误"),
        ("每次构建失败，只给我看第一个错误",),
    ),
    Case(
        "every-week",
        ("Write the weekly update", DONE, "shorter than 300 words every week, and sign it with the on-call's name"),
        ("Shorter than 300 words every week", "Sign it with the on-call's name"),
    ),
    Case("small-commits", ("commit the changes", "Done.", "Split work into small commits"), ("small commits",)),
    Case("sentence-case", ("Write a guide", DONE, "Headings in sentence case"), ("Headings in sentence case",)),
    Case(
        "flow", ("Our weekly report flow is: collect numbers -> write summary -> send to Kim.", OK), ("Write summary",)
    ),
)
