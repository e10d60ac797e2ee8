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
OK = "OK."


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation: `rules` are pieces of text that must stand in a rule each, in any order."""

    id: str
    turns: tuple[str, ...]
    rules: tuple[str, ...] = ()


TEACHES = (
    Case("release-steps", ("Before each release, run regression -> canary -> monitor -> full rollout.", OK), ("regression",)),
    Case("from-now-on", ("From now on, answer me in British English.", OK), ("British English",)),
    Case("always-first-message", ("Always run the linter before you commit.", OK), ("linter",)),
    Case("never-first-message", ("Never commit directly to main in this repo.", OK), ("main",)),
    Case("convention-first-message", ("Our team's convention is to prefix branch names with the ticket id.", OK), ("ticket id",)),
    Case("we-use", ("In this repo we use pnpm, not npm.", OK), ("pnpm",)),
    Case("no-tables", ("Write a report about our sales in May", DONE, "No tables please."), ("tables",)),
    Case("dont-use-bullets", ("Draft an email to the supplier", DONE, "Don't use bullet points, write full sentences."), ("bullet points",)),
    Case("avoid-jargon", ("Write a blog post on inflation", DONE, "Avoid jargon and keep sentences short."), ("Avoid jargon", "sentences short")),
    Case("cite-sources", ("Write a market report", DONE, "Cite a source for every figure."), ("Cite a source for every figure",)),
    Case("uv-not-pip", ("Add a CLI to this package", DONE, "no, use uv instead of pip in this repo"), ("uv instead of pip",)),
    Case("no-comments", ("Implement the parser", DONE, "don't add comments"), ("add comments",)),
    Case("stop-mocking", ("Write tests for the store", DONE, "stop mocking the database in tests"), ("mocking the database",)),
    Case("told-you", ("Fix the login bug", DONE, "I told you already: run the tests before you push."), ("run the tests before you push",)),
    Case("ask-before", ("Clean up the migrations", DONE, "Always ask before you delete files."), ("ask before you delete",)),
    Case("make-sure-habit", ("Refactor the client", DONE, "Make sure all public functions have docstrings."), ("docstrings",)),
    Case("commit-messages", ("Commit the changes", DONE, "Commit messages should be in the imperative mood."), ("imperative",)),
    Case("polite-order", ("Write a press release", DONE, "Could you please not use exclamation marks?"), ("exclamation marks",)),
    Case("prefer", ("Write a summary of the meeting", DONE, "I prefer short paragraphs without headings."), ("short paragraphs",)),
    Case("rejected-means", ("Install the dependencies", DONE, "No, use poetry."), ("poetry",)),
    Case("next-time", ("Write the weekly report", DONE, "Great. Next time start with the numbers."), ("start with the numbers",)),
    Case("remember", ("Plot the results", DONE, "Remember: axes need units."), ("units",)),
    Case("in-this-project", ("Add an endpoint", DONE, "In this project use snake_case for JSON keys."), ("snake_case",)),
    Case("hard-number", ("Write an abstract", DONE, "It must not exceed 250 words; abstracts must be at most 250 words."), ("250 words",)),
    Case("ack-then-rule", ("Write a cover letter", DONE, "Looks good, but please don't start with \"I am writing to\"."), ("I am writing to",)),
    Case("zh-no-tables", ("写一份季度总结", DONE, "不要用表格，结论放在最前面"), ("不要用表格", "结论放在最前面")),
    Case("zh-from-now-on", ("以后回答都用中文，代码注释用英文。", "好的"), ("中文",)),
    Case("zh-every-time", ("每次发布前都要先跑回归测试，再灰度，最后全量。", "好的"), ("回归测试",)),
    Case("zh-convention", ("帮我写一个接口文档", DONE, "我们团队的规范是：字段名一律用小写下划线，时间用 ISO 8601。"), ("小写下划线", "ISO 8601")),
    Case("zh-default", ("画一个折线图", DONE, "默认用 Arial 字体，图例放在右上角"), ("Arial",)),
    Case("zh-quality", ("写一个产品介绍", DONE, "语言要平实，不要夸张，数据要注明来源。"), ("语言要平实", "不要夸张", "数据要注明来源")),
    Case("zh-agent", ("给这个模块加测试", DONE, "别 mock 数据库，用真实的 sqlite。"), ("mock 数据库",)),
    Case("zh-traditional", ("幫我寫一份會議記錄", DONE, "以後不要使用表情符號，一律用繁體中文。"), ("表情符號",)),
    Case("zh-lab", ("写一个离心的步骤", DONE, "转速严禁超过 4000 rpm，这是我们组的规定。"), ("4000 rpm",)),
    Case("zh-dont-invent", ("写一份调研报告", DONE, "日期和人名不要自己编，用占位符代替"), ("不要自己编",)),
    Case("es-no-tables", ("Escribe un informe sobre las ventas", DONE, "No uses tablas, por favor."), ("uses tablas",)),
    Case("es-from-now-on", ("A partir de ahora responde siempre en español.", "Vale."), ("español",)),
    Case("fr-no-bullets", ("Rédige un rapport sur le projet", DONE, "N'utilise pas de puces et cite tes sources."), ("puces",)),
    Case("fr-from-now-on", ("Désormais, réponds toujours en français.", "D'accord."), ("français",)),
    Case("de-no-emojis", ("Schreibe einen Bericht über das Projekt", DONE, "Bitte keine Emojis verwenden."), ("Emojis",)),
    Case("de-from-now-on", ("Ab jetzt antworte bitte immer auf Deutsch.", "Gut."), ("Deutsch",)),
    Case("pt-avoid", ("Escreva um relatório sobre as vendas", DONE, "Não use tabelas e evite jargão."), ("tabelas",)),
    Case("it-no-tables", ("Scrivi una relazione sulle vendite", DONE, "Non usare tabelle."), ("tabelle",)),
    Case("ru-no-tables", ("Напиши отчёт о продажах", DONE, "Не используй таблицы."), ("таблицы",)),
    Case("ru-from-now-on", ("Впредь всегда пиши комментарии на английском.", "Хорошо."), ("английском",)),
    Case("ja-no-bullets", ("売上のレポートを書いてください", DONE, "箇条書きは使わないでください。"), ("箇条書き",)),
    Case("ja-from-now-on", ("今後は必ず敬語で答えてください。", "承知しました。"), ("敬語",)),
    Case("ko-no-tables", ("매출 보고서를 작성해 주세요", DONE, "표는 사용하지 마세요."), ("표는 사용하지",)),
    Case("ko-from-now-on", ("앞으로 항상 존댓말로 답해 주세요.", "네."), ("존댓말",)),
)

ABSTAINS = (
    Case("greeting", ("Hi there!", "Hello!", "How are you?")),
    Case("thanks", ("Write a poem about rain", DONE, "Thanks, perfect!")),
    Case("question", ("What is a monad?", DONE, "Why must it obey laws?")),
    Case("first-spec", ("Write a Python function that always returns the first prime above n. It must not use recursion and should handle errors.", DONE)),
    Case("first-spec-long", ("Write a 300 word story. Do not use the letter e. Always write in the past tense. Avoid dialogue.", DONE)),
    Case("first-every", ("For every row in the table, compute the sum and print it. Never print negative values.", DONE)),
    Case("puzzle", ("Every box must contain at least two balls, and no box may be empty. How many ways are there?", DONE)),
    Case("act-as", ("From now on you will act as a Linux terminal. I will type commands and you must always reply with the output.", OK)),
    Case("role-zh", ("你现在是一个资深律师，必须始终用专业术语回答我的问题。", "好的")),
    Case("shorter", ("Write an essay on bees", DONE, "Make paragraph two shorter.")),
    Case("shorter-it", ("Write an essay on bees", DONE, "Make it shorter.")),
    Case("this-sentence", ("Write an essay on bees", DONE, "Don't use the word 'hive' in the second sentence.")),
    Case("title-change", ("Write an essay on bees", DONE, "Change the title to 'On Bees'.")),
    Case("new-request", ("Write an essay on bees", DONE, "Now write a poem about wasps.")),
    Case("new-request-with-spec", ("Write an essay on bees", DONE, "Now write a poem about wasps without using the word sting.")),
    Case("more-content", ("Plan a trip to Rome", DONE, "Add a day in Naples.")),
    Case("just-this-time", ("Write the report", DONE, "Just this once, skip the tests.")),
    Case("for-now", ("Deploy the service", DONE, "Don't touch staging for now.")),
    Case("fact", ("Who wrote Hamlet?", "William Shakespeare.", "My sister always says it was Marlowe.")),
    Case("chitchat-never", ("I love the sea", "Me too!", "You should never swim after lunch.")),
    Case("dont-worry", ("Fix the bug in the parser", DONE, "Don't worry about the warning.")),
    Case("dont-know", ("Fix the bug in the parser", DONE, "I don't know why it still fails.")),
    Case("error-report", ("Fix the bug in the parser", DONE, "It still fails with TypeError: must be str, not bytes")),
    Case("continue", ("Write a story about a dragon", DONE, "Continue.")),
    Case("agent-task", ("Fix the failing test in auth.py", DONE, "Now add a test for the logout endpoint.")),
    Case("agent-task-place", ("Find all TODO comments in this repo and list them.", DONE)),
    Case("pasted-rules", ("Summarize this:\n```\nAlways wear a helmet. Never run.\n```", DONE)),
    Case("pasted-quote", ("Translate into German: “From now on, all employees must always sign the register before they enter the building, and never leave without signing out again, whatever the reason may be, says the notice.”", DONE)),
    Case("booking", ("I need a flight to Oslo", "Could you provide your user ID?", "It's ann_lee_1234. I don't want to fly before noon.", "I found two flights. Would you like to proceed with the booking?", "Yes, and make sure the seats are together.")),
    Case("order", ("I want to return my order #W1234567", "Can you confirm your email address?", "Sure, ann@example.com. Please always refund to my gift card.", "The refund has been processed. Is there anything else?", "No, thanks.")),
    Case("zh-greeting", ("你好", "你好！", "在吗")),
    Case("zh-first-spec", ("写一篇800字的作文，题目是《雨》，不要写成诗歌，必须有对话。", DONE)),
    Case("zh-question", ("什么是闭包？", DONE, "为什么必须返回函数？")),
    Case("zh-second-paragraph", ("写一篇关于春天的散文", DONE, "第二段不要提到燕子")),
    Case("zh-new-request", ("写一篇关于春天的散文", DONE, "再写一首关于秋天的诗")),
    Case("zh-more", ("写一篇关于春天的散文", DONE, "继续")),
    Case("zh-this-time", ("写一个周报", DONE, "这次先不要写风险部分")),
    Case("zh-bug", ("帮我改一下这个函数", DONE, "还是报错，不能运行")),
    Case("zh-service", ("我的订单一直没有发货", "请提供您的订单号", "订单号是 20240112，不要再拖了，必须今天发货", "已为您查询，还有什么可以帮您？", "没有了")),
    Case("es-thanks", ("Escribe un poema", DONE, "¡Gracias!")),
    Case("fr-question", ("Qu'est-ce qu'une monade ?", DONE, "Pourquoi faut-il trois lois ?")),
    Case("de-new-request", ("Schreibe einen Bericht", DONE, "Schreibe jetzt ein Gedicht über den Herbst.")),
    Case("ja-question", ("モナドとは何ですか", DONE, "なぜ必要なのですか？")),
    Case("ko-thanks", ("시를 하나 써 주세요", DONE, "감사합니다!")),
    Case("assistant-only", ("Write a report", "From now on I will always use tables and never cite sources. " + DONE, "Thank you.")),
    Case("empty", ("",)),
)
