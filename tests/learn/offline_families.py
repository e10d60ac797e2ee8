"""Ways to say how work is done, each with the kinds of sentence it comes in; see offline_cases.py for the form."""

from __future__ import annotations

from tests.learn.offline_cases import DONE, HERE, Case

FAMILIES = (
    # said to last, with any verb
    Case(
        "chg-past",
        ("Write a changelog entry.", "Done.", "From now on, write changelog entries in the past tense."),
        ("Write changelog entries in the past tense",),
    ),
    Case(
        "chg-end",
        ("Write a changelog entry.", HERE, "Always end changelog entries with the issue number."),
        ("Always end changelog entries with the issue number",),
    ),
    Case(
        "email-open",
        ("Draft an email to a supplier about late parts.", HERE, "In future emails, open with the order number."),
        ("In future emails, open with the order number",),
    ),
    Case(
        "test-first",
        ("add a discount rule", "Added.", "Write the test before the code next time."),
        ("Write the test before the code",),
    ),
    Case(
        "rel-semver",
        ("Cut a release.", "Released v2.", "Going forward, tag releases with a leading v and sign the tags."),
        ("Tag releases with a leading v",),
    ),
    Case(
        "sign-off",
        ("Reply to Tom's email.", HERE, "sign my emails with 'Cheers, Jo' from now on"),
        ("Sign my emails with 'Cheers, Jo'",),
    ),
    Case(
        "tests-parallel",
        ("run the tests", "They take 9 minutes.", "Always run them with -n 4."),
        ("Always run them with -n 4",),
    ),
    Case(
        "explain-plan",
        (
            "refactor billing",
            "Done, 14 files changed.",
            "From now on show me a plan before you edit more than three files.",
        ),
        ("Show me a plan before you edit more than three files",),
    ),
    Case(
        "map-scale",
        ("Draw a map of the trail with matplotlib", "Drawn.", "Always add a scale bar and a north arrow to maps."),
        ("Always add a scale bar and a north arrow to maps",),
    ),
    Case("no-sudo", ("install the toolchain", "Ran sudo apt install.", "Don't use sudo. Ever."), ("Don't use sudo",)),
    Case(
        "es-informe",
        (
            "Escribe un acta de la reunión",
            "Aquí está.",
            "De ahora en adelante, pon las decisiones al principio del acta.",
        ),
        ("Pon las decisiones al principio del acta",),
    ),
    Case(
        "es-trato",
        ("Redacta una respuesta al cliente", DONE, "Trata siempre de usted a los clientes."),
        ("Trata siempre de usted a los clientes",),
    ),
    Case(
        "pt-email",
        ("Escreva um e-mail para o cliente", "Pronto.", "Nunca use gírias em e-mails para clientes."),
        ("Nunca use gírias em e-mails para clientes",),
    ),
    Case(
        "de-mail",
        ("Schreib eine Mail an Frau Weber", "Hier ist die Mail.", "Künftig in Mails keine Ausrufezeichen mehr."),
        ("In Mails keine Ausrufezeichen mehr",),
    ),
    Case(
        "pt-codigo",
        ("crie a rota", "Criada.", "Sempre escreva os testes antes do código."),
        ("Sempre escreva os testes antes do código",),
    ),
    Case(
        "ja-code",
        ("テストを追加して", "追加しました", "コメントは今後すべて日本語で書いてください"),
        ("コメントは今後すべて日本語で書いてください",),
    ),
    Case(
        "ko-code",
        ("테스트를 추가해", "추가했습니다", "커밋 메시지는 항상 영어로 써 줘"),
        ("커밋 메시지는 항상 영어로 써 줘",),
    ),
    Case("zh-from", ("从现在起，所有报告先写结论，再写依据。", "好的"), ("所有报告先写结论，再写依据",)),
    # kept by the sentence after it
    Case(
        "feedback",
        (
            "Give feedback on this student's paragraph.",
            HERE,
            "Start feedback with a question, not a verdict. Do that every time.",
        ),
        ("Start feedback with a question, not a verdict",),
    ),
    Case(
        "podcast",
        ("Write show notes for episode 12.", HERE, "Show notes end with the guest's links. Always."),
        ("Show notes end with the guest's links",),
    ),
    Case(
        "de-code",
        ("Füge Logging hinzu", "Erledigt.", "Nicht print, sondern logging verwenden. Immer."),
        ("Nicht print, sondern logging verwenden",),
    ),
    Case(
        "zh-explain",
        ("什么是熵", DONE, "解释概念的时候先举例子，再给定义，以后都这样"),
        ("解释概念的时候先举例子，再给定义",),
    ),
    # every time such work is done
    Case(
        "quiz-every",
        ("Make a quiz on photosynthesis.", HERE, "For every quiz you make, put the answer key on a separate page."),
        ("For every quiz you make, put the answer key on a separate page",),
    ),
    Case(
        "build-fails",
        ("build it", "Build failed.", "Whenever a build fails, show me the first error only."),
        ("Whenever a build fails, show me the first error only",),
    ),
    Case(
        "think-aloud",
        (
            "solve this integral: x e^x",
            "x e^x - e^x + C",
            "Whenever I give you a maths problem, show the steps before the result.",
        ),
        ("Whenever I give you a maths problem, show the steps before the result",),
    ),
    Case(
        "dates-iso",
        ("Make a table of our holidays.", HERE, "Dates go in ISO format in anything you make for me."),
        ("Dates go in ISO format",),
    ),
    Case(
        "default-lang",
        ("When I paste Python errors, explain the cause first and the fix second.", "Will do."),
        ("When I paste Python errors, explain the cause first and the fix second",),
    ),
    # a kind of work spoken of in general
    Case(
        "good-but-shebang",
        ("write a script that rotates logs", HERE, "good, but always start scripts with set -euo pipefail"),
        ("Always start scripts with set -euo pipefail",),
    ),
    Case(
        "design-docs-org",
        ("Write a design doc for the cache.", HERE, "Design docs in our org start with a one-paragraph summary."),
        ("Design docs in our org start with a one-paragraph summary",),
    ),
    Case(
        "meeting-order",
        (
            "Summarise these meeting notes: we met, we talked.",
            HERE,
            "For meeting notes, the order is: decisions, action items, open questions.",
        ),
        ("For meeting notes, the order is: decisions, action items, open questions",),
    ),
    Case(
        "lesson-plan",
        (
            "Prepare a lesson plan on fractions for grade 4.",
            HERE,
            "My lesson plans always begin with a five-minute warm-up.",
        ),
        ("My lesson plans always begin with a five-minute warm-up",),
    ),
    Case(
        "recipe-metric",
        (
            "Give me a recipe for lentil soup.",
            HERE,
            "I only cook with metric measurements, so use grams and millilitres in recipes.",
        ),
        ("Use grams and millilitres in recipes",),
    ),
    Case(
        "jira",
        ("Write a bug ticket for the login crash.", HERE, "Bug tickets always have: steps, expected, actual, version."),
        ("Bug tickets always have: steps, expected, actual, version",),
    ),
    Case(
        "chart-zero",
        ("Make a bar chart of signups.", "Chart made.", "Bar charts must start at zero."),
        ("Bar charts must start at zero",),
    ),
    Case("zh-report-order", ("写周报", "好的，见下文。", "周报先写风险，再写进展"), ("周报先写风险，再写进展",)),
    Case("zh-summary-len", ("帮我总结这篇文章", HERE, "总结控制在200字以内"), ("总结控制在200字以内",)),
    Case(
        "zh-minutes",
        ("整理会议纪要", "整理好了。", "会议纪要要写清责任人和截止日期"),
        ("会议纪要要写清责任人和截止日期",),
    ),
    Case(
        "ru-otchet",
        ("Напиши отчёт", "Готово.", "Отчёты всегда начинай с выводов."),
        ("Отчёты всегда начинай с выводов",),
    ),
    Case(
        "it-mail",
        ("Scrivi una mail al cliente", "Ecco.", "Nelle mail dai sempre del Lei."),
        ("Nelle mail dai sempre del Lei",),
    ),
    Case(
        "ru-pismo",
        ("Напиши письмо клиенту", "Готово: ...", "В письмах клиентам всегда обращайся на «вы»."),
        ("В письмах клиентам всегда обращайся на «вы»",),
    ),
    Case(
        "ja-giji",
        ("議事録を書いて", "はい、書きました。", "議事録は必ず決定事項から始めてください"),
        ("議事録は必ず決定事項から始めてください",),
    ),
    Case(
        "fr-a",
        ("Écris une annonce", DONE, "Ne mets jamais de points d'exclamation dans les annonces."),
        ("Ne mets jamais de points d'exclamation dans les annonces",),
    ),
    Case(
        "ru-a",
        ("Составь план урока", DONE, "В планах уроков всегда указывай время каждого этапа."),
        ("В планах уроков всегда указывай время каждого этапа",),
    ),
    # corrections of an agent
    Case(
        "commit-trailer",
        ("commit this", "Committed as 3fa2.", "don't add Co-authored-by lines to commits"),
        ("Don't add Co-authored-by lines to commits",),
    ),
    Case(
        "pnpm",
        ("Refactor the parser module.", "Done, ran npm test.", "No, we use pnpm here, not npm."),
        ("We use pnpm here, not npm",),
    ),
    Case(
        "make-lint",
        ("run the linter", "npm run lint failed", "the command is `make lint`, not `npm run lint`"),
        ("The command is `make lint`, not `npm run lint`",),
    ),
    Case(
        "only-touch",
        ("fix the flaky test", "I changed 6 files.", "Only touch the files I name."),
        ("Only touch the files I name",),
    ),
    Case("no-apology", ("fix the typo", "Sorry! Fixed.", "stop apologizing"), ("Stop apologizing",)),
    Case(
        "brit",
        ("Write a notice to the tenants.", HERE, "British spelling please, not American."),
        ("British spelling please, not American",),
    ),
    Case(
        "k8s-dry",
        ("apply the manifest", "Applied.", "Run kubectl diff before you apply anything."),
        ("Run kubectl diff before you apply anything",),
    ),
    Case(
        "rebase",
        ("update my branch", "Merged main into it.", "rebase, don't merge, when you update a branch"),
        ("rebase, don't merge, when you update a branch",),
    ),
    Case(
        "py-version",
        ("create a new service skeleton", "Created with Python 3.9.", "We target Python 3.12 in all services."),
        ("We target Python 3.12 in all services",),
    ),
    Case(
        "cargo",
        ("run tests", "cargo test ran.", "it's `cargo nextest run`, not `cargo test`"),
        ("It's `cargo nextest run`, not `cargo test`",),
    ),
    Case("todo", ("clean up the module", "Left 3 TODOs.", "don't leave TODOs behind"), ("Don't leave TODOs behind",)),
    Case("zh-commit", ("提交代码", "已提交", "提交信息要写中文，不要加 emoji"), ("提交信息要写中文",)),
    Case(
        "zh-git",
        ("建个分支", "已建 fix1", "分支名统一用 feature/ 或 fix/ 开头，后面跟工单号"),
        ("分支名统一用 feature/ 或 fix/ 开头，后面跟工单号",),
    ),
    # conventions
    Case(
        "design-docs",
        ("Our design docs always start with a problem statement and end with open questions.", "Noted."),
        ("Our design docs always start with a problem statement and end with open questions",),
    ),
    Case(
        "journal",
        ("Format these references.", HERE, "Our lab uses Vancouver style for references."),
        ("Our lab uses Vancouver style for references",),
    ),
    Case(
        "press-quote",
        ("Draft a press release on the merger.", DONE, "Our press releases never quote the CEO."),
        ("Our press releases never quote the CEO",),
    ),
    Case(
        "prefix",
        ("Our convention for branch names is team/ticket/short-title.", "Understood."),
        ("Our convention for branch names is team/ticket/short-title",),
    ),
    Case(
        "api-docs",
        ("Document the /users endpoint", DONE, "In our API docs every endpoint gets a curl example."),
        ("In our API docs every endpoint gets a curl example",),
    ),
    Case(
        "csv-delim",
        ("Export the contacts as csv", "Exported.", "I need semicolons as separators in all csv files."),
        ("I need semicolons as separators in all csv files",),
    ),
    # after a question
    Case(
        "answers-short",
        (
            "What does idempotent mean?",
            "A long answer about operations...",
            "You always write too much. Keep answers to two sentences.",
        ),
        ("Keep answers to two sentences",),
    ),
    Case(
        "units",
        ("How much paint do I need for 40 square metres?", "About 2 gallons.", "Use metric units when you answer me."),
        ("Use metric units when you answer me",),
    ),
    Case(
        "zh-no-pleasantries",
        ("这个词什么意思：冗余", "好的！很高兴为您解答……", "别说客套话，直接回答"),
        ("别说客套话，直接回答",),
    ),
    Case("zh-answer", ("什么是索引", DONE, "回答太长了，以后先给结论再解释"), ("回答太长了，以后先给结论再解释",)),
    # an order of work
    Case(
        "onboarding-steps",
        (
            "How do we onboard people?",
            "I don't know.",
            "When a new hire joins: create the accounts -> assign a buddy -> book the intro call. "
            "Keep this for next time.",
        ),
        ("Create the accounts",),
    ),
    Case("zh-steps", ("记住上线流程：先备份数据库，再发布后端，最后发布前端", "记住了"), ("备份数据库",)),
    Case(
        "backup-steps",
        (
            "Before any migration: take a backup -> run it on staging -> ask for approval -> run it on production.",
            "Got it.",
        ),
        ("Take a backup",),
    ),
    Case(
        "refund-policy-steps",
        (
            "When a customer asks for a refund, first check the order date, then check the usage, and finally "
            "write to finance. Do it this way every time.",
            "OK",
        ),
        ("Check the order date",),
    ),
    Case("zh-flow", ("我们的报销流程是：先贴票，再填单，然后主管签字，最后交财务。记住。", "好的"), ("贴票",)),
    Case(
        "incident-steps",
        ("For every incident: first page the on-call, then open a channel, then start the timeline.", "Understood."),
        ("Page the on-call",),
    ),
    Case(
        "step-pub",
        ("Whenever we add a dataset: first check the licence, then write the card, and finally register it.", "OK"),
        ("Check the licence",),
    ),
    Case("to-publish", ("To publish a post: proofread -> add tags -> schedule -> share.", "Noted."), ("Proofread",)),
    Case("rule-for-this-project", ("Rule for this project: every function gets a test.", "OK."), ("gets a test",)),
    Case("just-commit", ("Fix the typo in the header", "Done.", "In future just commit such fixes."), ("commit",)),
    Case("es-accents", ("Escribe un resumen", "Listo.", "Los resúmenes, siempre en viñetas."), ("viñetas",)),
)
