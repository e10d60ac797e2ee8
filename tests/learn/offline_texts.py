"""What becomes of the words: conversations that teach, with every rule, every step and the title they come to."""

from __future__ import annotations

from dataclasses import dataclass

from tests.learn.offline_cases import DONE, HERE, OK


@dataclass(frozen=True, slots=True)
class Text:
    """One conversation, user first: the candidate has that title, and exactly these rules and steps."""

    id: str
    turns: tuple[str, ...]
    title: str
    rules: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


WORDINGS = (
    # a thought stays whole
    Text(
        "between",
        ("Plan the release", HERE, "From now on, wait two hours between canary and rollout when you plan a release."),
        "Plan release",
        ("Wait two hours between canary and rollout when you plan a release",),
    ),
    Text(
        "two-objects",
        ("Write an email to the client", HERE, "From now on, thank them by name and attach the invoice and the sheet."),
        "Email",
        ("Thank them by name", "Attach the invoice and the sheet"),
    ),
    Text(
        "contrast",
        ("Write the release notes", HERE, "Always link a fix to its pull request, not to its issue."),
        "Release notes",
        ("Always link a fix to its pull request, not to its issue",),
    ),
    Text(
        "contrast-in-reviews",
        ("In design reviews, start with the risks, not with praise.", OK),
        "Design reviews",
        ("In design reviews, start with the risks, not with praise",),
    ),
    Text(
        "quotation",
        ("Reply to Ann.", HERE, 'Always end my mails with "Best, and thanks, Jo".'),
        "Mails",
        ('Always end my mails with "Best, and thanks, Jo"',),
    ),
    Text(
        "middle-of-three",
        (
            "Write the status report",
            DONE,
            "From now on, never use tables. Put the open questions first. And always date it.",
        ),
        "Status report",
        ("Never use tables", "Put the open questions first", "Always date it"),
    ),
    Text(
        "zh-contrast",
        ("写发布说明", HERE, "每条修复都要链接到 PR，不要链接到 issue，大家都按这个写"),
        "发布说明",
        ("每条修复都要链接到 PR", "不要链接到 issue"),
    ),
    # lists of steps
    Text(
        "inline-list",
        ("Our deploy procedure: 1. run migrations 2. deploy canary 3. wait 4. full rollout. Keep to this order.", OK),
        "Deploy procedure",
        steps=("Run migrations", "Deploy canary", "Wait", "Full rollout"),
    ),
    Text(
        "bracketed-list",
        ("Every time you deploy: (1) run migrations (2) deploy canary (3) full rollout", OK),
        "Deploy procedure",
        steps=("Run migrations", "Deploy canary", "Full rollout"),
    ),
    Text(
        "how-we",
        ("Here's how we publish:\n1. proofread\n2. check links\n3. schedule for 9am", OK),
        "Publish procedure",
        steps=("Proofread", "Check links", "Schedule for 9am"),
    ),
    Text(
        "first-second-third",
        ("Our release process: first migrate the data, second deploy the canary, third roll out fully.", OK),
        "Release procedure",
        steps=("Migrate the data", "Deploy the canary", "Roll out fully"),
    ),
    Text(
        "zh-inline-list",
        ("我们的上线流程：1、跑迁移 2、灰度 3、等十分钟 4、全量。以后都按这个顺序来。", OK),
        "上线流程",
        steps=("跑迁移", "灰度", "等十分钟", "全量"),
    ),
    Text(
        "zh-circled-list",
        ("发布步骤：①冻结分支②跑冒烟测试③打标签，以后都照这个来", OK),
        "发布流程",
        steps=("冻结分支", "跑冒烟测试", "打标签"),
    ),
    Text(
        "zh-step-by-step",
        ("上线流程：第一步跑迁移，第二步灰度，第三步全量。以后都按这个来", OK),
        "上线流程",
        steps=("跑迁移", "灰度", "全量"),
    ),
    Text(
        "shared-verb",
        ("Before each release: first deploy the API, then the workers, and finally announce it.", OK),
        "Release procedure",
        steps=("Deploy the API", "Deploy the workers", "Announce it"),
    ),
    Text(
        "kept-list",
        ("To onboard a client: 1. sign the contract 2. create the folder 3. book the kickoff. Remember this.", OK),
        "Onboard procedure",
        steps=("Sign the contract", "Create the folder", "Book the kickoff"),
    ),
    Text(
        "list-of-rules",
        ("写一份总结", DONE, "以后注意：1、不要用表格 2、数据注明来源 3、控制在一页以内"),
        "总结",
        ("不要用表格", "数据注明来源", "控制在一页以内"),
    ),
    # an appeal is no part of the rule
    Text("appeal-style", ("Write a report", HERE, "No tables, that's our style."), "Report", ("No tables",)),
    Text(
        "appeal-remember",
        ("Write a test", HERE, "use pytest, not unittest, remember that"),
        "Test",
        ("Use pytest, not unittest",),
    ),
    Text(
        "appeal-everywhere",
        ("Write a report", HERE, "Cite a source for every figure, we do that everywhere"),
        "Report",
        ("Cite a source for every figure",),
    ),
    Text("zh-appeal-again", ("写招聘启事", HERE, "别用口号，以后都别用"), "招聘启事", ("别用口号",)),
    Text("zh-appeal", ("写个测试", HERE, "不用 unittest，记住这一点"), "测试", ("不用 unittest",)),
    Text("zh-appeal-always", ("写份纪要", HERE, "结论放最前面，我们一直都这样做"), "纪要", ("结论放最前面",)),
    # a job is not named after a rule
    Text("zh-topic", ("会议纪要统一用过去时", OK), "会议纪要", ("会议纪要统一用过去时",)),
    Text("zh-of-topic", ("给客户的信一律用您", OK), "给客户的信", ("给客户的信一律用您",)),
    Text("no-topic", ("Never use exclamation marks.", OK), "Preferences", ("Never use exclamation marks",)),
    Text(
        "ko-deliverable",
        ("이번 주 주간 보고서 써 줘", HERE, "앞으로는 표를 쓰지 말고 목록으로 써 주세요."),
        "주간 보고서",
        ("표를 쓰지 말고 목록으로 써 주세요",),
    ),
    # what looks like a measure word and is none
    Text("zh-family", ("帮我做一份家庭预算表", HERE, "不要用颜色"), "家庭预算表", ("不要用颜色",)),
    Text("zh-project", ("帮我写一份项目计划", HERE, "不要用表格"), "项目计划", ("不要用表格",)),
    Text("zh-department", ("写个部门周报", HERE, "不要用表格"), "部门周报", ("不要用表格",)),
    Text("zh-company", ("写一家公司的简介", HERE, "不要用表格"), "简介", ("不要用表格",)),
)
