"""Turns that look like instructions to keep and are about one thing only; see offline_cases.py for the form."""

from __future__ import annotations

from tests.learn.offline_cases import DONE, HERE, OK, Case

LOOKALIKES = (
    # a choice, an answer, a fault
    Case("logo-green", ("Generate a logo idea", HERE, "I like the second one. Use green instead of brown.")),
    Case(
        "pick",
        ("Give me three taglines for a tea brand", DONE, "The third one is best. Say 'steep' rather than 'brew'."),
    ),
    Case("agent-opt", ("how could we speed this up?", "A or B?", "B, but without the extra index")),
    Case("wait", ("delete the temp files", "Which ones?", "all of them, but not the logs")),
    Case("bugfix", ("Why does my Dockerfile fail?", DONE, "I don't use alpine, I use debian. Still the same error.")),
    Case("zh-code-bug", ("写个冒泡排序", DONE, "报错了，数组不能为空")),
    Case(
        "bug1", ("Write a function to parse dates", "def parse...", "It crashes on 2024-02-30, it should return None.")
    ),
    Case("bug4", ("fix the login bug", "Fixed.", "nope, same error. the token should be refreshed before the call")),
    Case("confirm", ("drop the table", "Are you sure?", "yes, and don't ask again")),
    Case("choice", ("Which framework should I use?", "Django or Flask?", "Flask, and no ORM")),
    Case("ja-rev", ("自己紹介を書いて", DONE, "趣味は料理ではなく登山です")),
    Case("ru-rev", ("Напиши поздравление", DONE, "Его зовут Олег, а не Игорь.")),
    # what this one text is to say
    Case("rev1", ("Write a toast for my sister's wedding", DONE, "Mention the dog, and don't mention her ex.")),
    Case("rev3", ("Write a short bio for me", DONE, "I'm not a manager, I'm a team lead. And I work in Oslo.")),
    Case("rev5", ("Create a workout for today", DONE, "No squats today, my knee hurts.")),
    Case("rev7", ("Write an ad for my bike", DONE, "It has 21 gears, not 18. The price should be 250.")),
    Case("cv-one", ("Write my CV summary", DONE, "Don't mention my last job, I left after two months.")),
    Case("rev10", ("Write a description of my flat", DONE, "It has two bedrooms, not three. Mention the balcony.")),
    Case(
        "rev11",
        (
            "Write a cover letter for Acme",
            DONE,
            "The second paragraph is too long. Cut it in half and never use 'passionate' there.",
        ),
    ),
    Case("speech-one", ("Write a retirement speech for Carl", DONE, "He hates golf, so no golf jokes.")),
    Case("zh-rev2", ("写一段生日祝福", DONE, "不要提年龄，多写一句关于健康的")),
    Case("ko-rev", ("생일 축하 메시지를 써 줘", DONE, "나이는 빼 줘")),
    Case("es-rev", ("Escribe un poema para mi madre", DONE, "No menciones su edad y cambia el título")),
    Case("fr-n", ("Écris un poème sur la mer", DONE, "Ne parle pas des bateaux.")),
    Case("zh-change", ("帮我写一份请假条", HERE, "把日期改成周四，理由写成看牙")),
    Case("zh-fix", ("帮我写个请柬", DONE, "地点改到悦宾楼，时间是晚上六点，不是七点")),
    # works of the imagination, picks and occasions
    Case(
        "story1",
        (
            "Write a story about a lighthouse keeper.",
            HERE,
            "The keeper should never leave the island, and the boat must sink.",
        ),
    ),
    Case("dark-theme", ("Build me a landing page for a gym", HERE, "Use a dark theme and put the prices at the top.")),
    Case("img2", ("Make a logo with an owl", DONE, "The owl should face left. No text.")),
    Case("web", ("Build a personal website for me", DONE, "Use a serif font and drop the contact form.")),
    Case("lyrics", ("Write a rap about coffee", DONE, "No swearing, and rhyme 'latte' with 'party'.")),
    Case("trip-one", ("Plan a day in Lyon", DONE, "No museums, and we must be back at the station by six.")),
    Case("gift", ("Suggest a gift for my dad", DONE, "Not a book, he never reads.")),
    Case("names", ("Suggest names for a bakery", HERE, "No puns please, give me five more")),
    Case("zh-name", ("给我家猫起个名字", DONE, "不要带“小”字的，再起五个")),
    Case("zh-story", ("写一个武侠故事", HERE, "主角不要用剑，要用刀，结局必须是悲剧")),
    Case("zh-story2", ("编一个睡前故事", DONE, "小熊不要哭，结尾要温馨")),
    Case("zh-pick", ("给我几个书名", DONE, "要文艺一点的，不要带“春”字")),
    Case("zh-rec", ("推荐一家火锅店", DONE, "太远了，要离地铁近的")),
    Case("party", ("Plan a birthday party for Mia", DONE, "She doesn't like clowns. And the cake must be vegan.")),
    Case("icon", ("Draw an icon of a whale", DONE, "Use blue, not grey. No outline.")),
    Case("es-n", ("Escribe un chiste", DONE, "Otro, pero sin animales.")),
    Case("data-one", ("Plot sales by region from this csv", HERE, "Use a bar chart instead of a line chart.")),
    # somebody's habits
    Case(
        "opinion",
        ("What do you think of tabs vs spaces?", "It depends.", "I have always used spaces, never had a problem."),
    ),
    Case("chat-food", ("hi there", "Hello!", "I never eat breakfast, do you?")),
    Case("small3", ("My cat is fat", "Oh no", "she always eats from the dog's bowl, I should stop her")),
    Case("chat1", ("do you like jazz", "I do.", "my dad never did, he always said it's noise")),
    Case("zh-chat", ("我失恋了", "抱抱你", "他从来不记得我的生日，以后再也不信了")),
    Case("zh-chat2", ("今天下雨了", "记得带伞", "我从来不带伞，每次都淋湿")),
    Case("es-chat", ("Hola", "¡Hola!", "Nunca duermo bien, siempre me despierto a las tres")),
    Case("ja-chat", ("おはよう", "おはようございます", "今日も暑いですね、いつも夏は苦手です")),
    Case("ko-chat", ("안녕", "안녕하세요", "나는 항상 늦게 자")),
    Case("zh-n4", ("我总是睡不好", "试试早点睡", "我从来没有十二点前睡过")),
    # handed over
    Case(
        "sysprompt",
        (
            'Improve this system prompt: "You are a tutor. Always answer with a question. Never reveal the solution."',
            DONE,
        ),
    ),
    Case("quote", ("Fix grammar: He always go to school and never do his homework.", "He always goes...", "thanks")),
    Case(
        "tr3",
        ("Translate into French: Never leave the door open. Always call before you come.", "Ne laissez jamais..."),
    ),
    Case("tr4", ("翻译：以后不要再迟到，必须提前请假。", "Don't be late again...")),
    Case("trans", ("Translate this notice: Dogs must always be on a leash. Do not feed the birds.", "...")),
    Case(
        "sys",
        (
            "Here is my bot's system prompt, tell me what's wrong with it:\n\n"
            "Always be polite. Never swear. From now on answer in rhyme.",
            DONE,
        ),
    ),
    Case("zh-n5", ("翻译下面这句话：请务必每次都锁门，不要忘记", "Please make sure...")),
    Case(
        "prompt3",
        ("I need instructions for a GPT that writes meal plans. Always vegetarian, never more than 2000 kcal.", DONE),
    ),
    # a desk
    Case(
        "errand1",
        (
            "I'd like to change my seat on tomorrow's train",
            "Sure, what is your booking number?",
            "KX12. I always want a window seat, never the aisle.",
            "Done. Anything else I can help with?",
            "no thanks",
        ),
    ),
    Case(
        "svc1",
        (
            "I want to cancel my subscription",
            "I can help. May I have the email address on the account?",
            "sure, bo@x.org. And never send me marketing mails again",
            "Your subscription has been cancelled. Anything else?",
            "no",
        ),
    ),
    Case(
        "svc2",
        (
            "Hello, I need a room for 3 nights",
            "For how many guests?",
            "Two. It must have a sea view and should not be on the ground floor.",
            "Booked, reference number 7731.",
        ),
    ),
    Case(
        "svc4",
        (
            "I need to change the name on my ticket",
            "Please provide your confirmation code.",
            "QX91. It should be Ana, not Anna. And keep the aisle seat.",
            "The name has been updated.",
        ),
    ),
    Case(
        "svc6",
        (
            "Do you have a table on Friday?",
            "For how many people?",
            "Four, and one needs a high chair. No dairy for two of us.",
            "Booked for 7pm.",
        ),
    ),
    Case(
        "svc-de",
        (
            "Ich möchte meinen Flug umbuchen",
            "Bitte nennen Sie Ihre Buchungsnummer.",
            "AB12CD, bitte nicht vor 10 Uhr und immer Gang",
        ),
    ),
    # asked again
    Case("expl", ("What is a closure?", DONE, "explain with an example in JavaScript")),
    Case("news", ("What happened in 1989?", DONE, "only the events in Berlin please")),
    Case("zh-more", ("推荐三本书", HERE, "不要小说，再推荐两本")),
    Case("zh-ask", ("什么是区块链", DONE, "说人话，没看懂")),
    Case("more2", ("List five interview questions", DONE, "Five more, but harder ones please")),
    Case("once4", ("Write the weekly report", DONE, "For this week, leave out the budget section.")),
    Case("zh-once", ("写周报", DONE, "这周先不写风险，只写进展")),
    Case("today1", ("Make me a workout", DONE, "No running today please")),
    # said once more, in other words
    Case("translate-colon", ("Translate: You must always wear a mask.", "...")),
    Case(
        "be-my", ("Be my Dungeon Master. Always describe smells. Never kill me.", "You wake up...", "I open the door")
    ),
    Case("poster-title", ("Draft a poster for the fair", DONE, "Bigger title, no gradients")),
    Case("zh-time-place", ("帮我写个通知", DONE, "时间改成周五下午，地点不要写错了")),
    # the givens of a puzzle
    Case("puzzle-solve", ("Every student must sit next to exactly one teacher, solve for the number of rows.", DONE)),
    Case("puzzle-later", ("A riddle", HERE, "Every knight must sit next to a knave. Work out the seating.")),
    Case("zh-puzzle", ("每个盒子必须至少放两个球，不能有空盒，一共有多少种放法？", DONE)),
    # an errand, whoever runs it
    Case("errand-card", ("Book me a flight to Rome.", HERE, "Don't use my old card")),
    Case("errand-rebook", ("rebook me for tomorrow", OK, "I don't want to fly before 11am and only direct flights")),
    Case("errand-order", ("Order a pizza for tonight", HERE, "No onions, and use the side entrance")),
    Case("zh-errand", ("帮我订一张去上海的高铁票", "已经为您订好了。", "要明天下午的，不要站票")),
    Case("fr-errand", ("Réserve-moi une table pour ce soir", "C'est fait.", "N'utilise pas ma carte.")),
    # the rules of a game
    Case("game-words", ("Play a game with me: word chain. Never say the same word twice.", "OK, apple.", "elephant")),
    Case("game-chess", ("I want to play chess with you. Always use algebraic notation.", "OK, e4.", "e5")),
    Case("zh-game", ("我们来玩成语接龙，每次必须用上一个成语的最后一个字开头，不能重复。", "一心一意", "意气风发")),
    # handed over, quoted
    Case("quoted-sign", ("Translate: 'Never use the elevator during a fire.'", "Ne jamais...")),
    Case("zh-quoted", ("帮我把这句话翻成英文：以后请不要在走廊里停车。", "...")),
    Case("zh-reworded", ("请把下面的话改得礼貌一点：以后不要再打电话给我", "...")),
    # for a reason that holds for this one
    Case("third-time", ("Write a reply to the landlord", DONE, "Don't be too polite, this is the third time")),
    Case("a-cousin", ("Write an email to my cousin", DONE, "Don't be so formal, he's family")),
    Case("zh-third-time", ("给房东写封信", DONE, "别太客气，这已经是第三次了")),
    # steps somebody asks about, or lives by
    Case("process-question", ("Our hiring process: 1. screening 2. call 3. on-site. How can we make it faster?", DONE)),
    Case("process-fault", ("Here are the steps I did: 1. opened the app 2. clicked run. What is wrong?", DONE)),
    Case("routine", ("My morning routine: 1. coffee 2. run 3. shower. I love it!", "Nice!")),
    Case("dogs-bark", ("Whenever a bus passes, dogs bark.", "Ha.")),
    # of all of a kind, and no instruction; or of the many that are asked for
    Case("counted", ("Write 10 questions about rivers. For questions, always give four options.", DONE)),
    Case("counted-in-words", ("Write five tweets about tea. Tweets must never exceed 200 characters.", DONE)),
    Case("each-of-them", ("Create a quiz about Peru. Each question must always have four options.", DONE)),
    Case("the-report", ("Write a report about cats. The report must always cite its sources.", DONE)),
    Case("stories-end", ("Write a story about a boy who always lies. Stories like this never end well.", DONE)),
    Case("plans-never-work", ("Make a lesson plan about poetry. My lesson plans never work.", DONE)),
    Case("letters-of-others", ("Write a cover letter for Acme. Their letters never say what they want.", DONE)),
    Case("another-kind", ("Design a class Stack. Methods must never throw, and always return a Result.", DONE)),
    Case("reports-are-long", ("Write a summary of this report. Reports are always too long.", DONE)),
)
