"""The providers of models, a row each: a new one is a new row."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from skillgit.errors import UsageError

_ANSWER = 8192  # tokens: more than any answer that is asked for, and within the limits of all models here
_CAPPED = (("max_tokens", _ANSWER),)
_STEADY = (("max_tokens", _ANSWER), ("temperature", 0))


@dataclass(frozen=True, slots=True)
class Provider:
    """One row: the wire format, the address, the usual models, and the variables that hold key, address and models.

    `url` is "" where it has to be given. `body` goes into every question, `vectors` is the usual model of embeddings
    with the length of its vectors, `batch` how many texts it takes at once. `keyless` ones answer without a key.
    """

    name: str
    url: str
    model: str = ""
    wire: Literal["chat", "responses", "messages"] = "chat"
    key: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    body: tuple[tuple[str, object], ...] = ()
    vectors: tuple[str, int] = ("", 0)
    batch: int = 64
    aliases: tuple[str, ...] = ()
    keyless: bool = False


PROVIDERS = (
    Provider(
        "openai",
        "https://api.openai.com/v1",
        "gpt-5-mini",
        key=("OPENAI_API_KEY",),
        address=("OPENAI_BASE_URL",),
        models=("OPENAI_MODEL", "OPENAI_CHAT_MODEL"),
        body=(("max_completion_tokens", _ANSWER),),
        vectors=("text-embedding-3-small", 1536),
    ),
    Provider(
        "openai-responses",
        "https://api.openai.com/v1",
        "gpt-5-mini",
        wire="responses",
        key=("OPENAI_API_KEY",),
        address=("OPENAI_BASE_URL",),
        models=("OPENAI_MODEL", "OPENAI_CHAT_MODEL"),
        body=(("max_output_tokens", _ANSWER),),
    ),
    Provider(
        "anthropic",
        "https://api.anthropic.com",
        "claude-sonnet-4-5",
        wire="messages",
        key=("ANTHROPIC_API_KEY",),
        address=("ANTHROPIC_BASE_URL",),
        models=("ANTHROPIC_MODEL",),
        body=_CAPPED,
        aliases=("claude",),
    ),
    Provider(
        "dashscope",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "qwen-plus",
        key=("DASHSCOPE_API_KEY",),
        address=("DASHSCOPE_BASE_URL",),
        models=("DASHSCOPE_MODEL",),
        body=_STEADY,
        vectors=("text-embedding-v4", 1024),
        batch=10,
        aliases=("qwen",),
    ),
    Provider(
        "glm",
        "https://open.bigmodel.cn/api/paas/v4",
        "glm-4.7",
        key=("ZHIPUAI_API_KEY", "BIGMODEL_API_KEY"),
        address=("ZHIPUAI_BASE_URL", "BIGMODEL_BASE_URL"),
        models=("BIGMODEL_GLM_MODEL", "ZHIPUAI_MODEL"),
        body=_CAPPED,
        vectors=("embedding-3", 2048),
        aliases=("zhipu", "bigmodel"),
    ),
    Provider(
        "internlm",
        "https://chat.intern-ai.org.cn/api/v1",
        "intern-s1-pro",
        key=("INTERNLM_API_KEY", "INTERN_API_KEY", "INTERNLM_TOKEN"),
        address=("INTERNLM_BASE_URL",),
        models=("INTERNLM_MODEL",),
        body=_STEADY,
        aliases=("intern",),
    ),
    Provider(
        "deepseek",
        "https://api.deepseek.com/v1",
        "deepseek-chat",
        key=("DEEPSEEK_API_KEY",),
        address=("DEEPSEEK_BASE_URL",),
        models=("DEEPSEEK_MODEL",),
        body=_STEADY,
    ),
    Provider(
        "openrouter",
        "https://openrouter.ai/api/v1",
        key=("OPENROUTER_API_KEY",),
        address=("OPENROUTER_BASE_URL",),
        models=("OPENROUTER_MODEL",),
        body=_CAPPED,
    ),
    Provider(
        "ollama",
        "http://127.0.0.1:11434/v1",
        key=("OLLAMA_API_KEY",),
        address=("OLLAMA_HOST",),
        models=("OLLAMA_MODEL",),
        body=_STEADY,
        keyless=True,
    ),
    Provider(
        "vllm",
        "http://127.0.0.1:8000/v1",
        key=("VLLM_API_KEY",),
        address=("VLLM_BASE_URL",),
        models=("VLLM_MODEL",),
        body=(("temperature", 0),),
        keyless=True,
    ),
    Provider(
        "llama.cpp",
        "http://127.0.0.1:8080/v1",
        "default",  # the one model that it was started with, whatever it is called
        key=("LLAMA_API_KEY",),
        address=("LLAMA_BASE_URL",),
        body=_STEADY,
        vectors=("default", 0),
        aliases=("llamacpp",),
        keyless=True,
    ),
    Provider("openai-compatible", "", key=("SKILLGIT_API_KEY",), aliases=("custom",), keyless=True),
)


def find(name: str) -> Provider:
    """The provider of that name, or alias; UsageError where there is none."""
    named = {known: row for row in PROVIDERS for known in (row.name, *row.aliases)}
    if name in named:
        return named[name]
    near = get_close_matches(name, named, n=1)
    known = ", ".join(row.name for row in PROVIDERS)
    raise UsageError(
        f"'{name}' is no provider of models", hint=f"did you mean '{near[0]}'?" if near else f"there are: {known}"
    )
