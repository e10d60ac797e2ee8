"""Portuguese cues."""

from __future__ import annotations

from skillgit.learn.offline.phrases import Named, Phrases, Wording

PORTUGUESE = Phrases(
    code="pt",
    spaced=True,
    wording=Wording(
        work="Como o usuário quer este trabalho: {title}. Use quando for pedido: {ask}.",
        topic="As regras do usuário sobre {title}. Use quando o trabalho tratar disso.",
        memory=Named("Preferências", "O que o usuário pediu para lembrar: {title}. Use onde se aplicar."),
        procedure=Named(
            "Procedimento de {title}", "O procedimento do usuário, passo a passo: {title}. Use ao segui-lo."
        ),
        answers=Named("Estilo de resposta", "Como o usuário quer ser respondido. Use em cada resposta."),
        code=Named(
            "Alterações de código", "Como o usuário quer que o código seja alterado. Use ao trabalhar no código dele."
        ),
    ),
    lasting=(
        r"a partir de (?:agora|hoje)|de agora em diante|daqui (?:em|pra|para a?) ?(?:diante|frente)|no futuro|"
        r"da próxima vez|na próxima vez",
        r"lembre-se(?: de| que)?|lembra(?: de| que)",
        r"(?:antes|depois) de cada|(?:em|para) (?:cada|todos os|todas as)",
        r"(?:neste|nesse|no nosso) (?:repo|repositório|projeto|time)|eu (?:já )?(?:te )?(?:disse|pedi)",
    ),
    habit=(r"sempre|nunca|jamais|toda vez|todas as vezes|por padrão|via de regra|em geral",),
    convention=(
        r"(?:nossa|nosso|a|o) (?:convenção|norma|regra|padrão|processo|procedimento|prática)(?: \w+){0,4} (?:é|são)",
        r"^(?:aqui )?(?:nós |a gente )?(?:usamos|utilizamos|escrevemos|seguimos|usa)\b",
    ),
    again=(r"^(?:sempre|toda vez|faça sempre assim|lembre-se disso)[.!]*$",),
    forbid=(
        r"^não (?:(?:me|se|o|a) )?(?!(?:sei|entendi|quero|preciso|é|está|foi|tem|tenho|consigo|se preocupe)\b)\w{2,}",
        r"^(?:evite|evita|pare de|para de|nada de|(?:nunca|jamais)(?! \w+o\b)|deixe de|proibido)",
        r"^não quero (?:ver )?\w+s\b",
        r"não (?:se )?(?:deve|devem|pode|podem) ",
        r"^sem \w+",
    ),
    absent=(r"^(?:sem|nada de)",),
    use=(r"^(?:use|usa|utilize|utiliza|empregue|mantenha|prefira|siga|cite|limite|seja|coloque) ",),
    form=(
        r"formato|estilo|tom|tabelas?|listas?|marcadores|títulos?|português|inglês|emojis?|markdown|latex|"
        r"word|frases?|parágrafos?|fontes?|citações|referências?|unidades|datas?|comentários?|nomes?|"
        r"exemplos?|negrito|tabulações|espaços|palavras?|imperativo|voz (?:ativa|passiva)",
    ),
    manner=(
        r"^(?!(?:eu|quase|me|te|se|não|ele|ela)\b)\w+(?<!o) sempre \w+",
        r"^(?:escreva|responda|redija|fale|explique|formate|escreve|responde) (?:\w+ ){0,2}(?:em|com|sem|como|"
        r"usando)\b",
    ),
    require=(
        r"(?:deve|devem|tem que|têm que|precisa|precisam|é (?:importante|obrigatório|necessário)|"
        r"certifique-se|garanta|não esqueça)",
    ),
    replace=(r"em vez de|ao invés de|no lugar de|em lugar de",),
    contrast=(r"[\w`)]+, não [^,]+$",),
    prefer=(r"^(?:eu )?(?:prefiro|odeio|detesto|não gosto de)",),
    permit=(r"(?:pode|podem) (?:voltar a |usar |colocar |incluir ).*|(?:está|estão|tá) (?:ok|bem|liberad\w) .*",),
    adjust=(
        r"(?:mais|menos) (?:concis|brev|formal|técnic|específic|detalhad|concret|simples|clar|natural|"
        r"profissiona|diret)\w*",
    ),
    direct=(r"^(?:adicione|inclua|remova|tire|mude|mostre|divida|defina|marque|faça|acrescente) ",),
    request=(
        r"^(?:escreva|crie|gere|faça|faz|dê|me dê|diga|me diga|traduza|resuma|explique|prepare|calcule|"
        r"analise|elabore|me ajude|ajude)(?: me)? (?:um|uma|o|a|os|as|este|esta|isso|meu|minha|como|por que)\b",
        r"^(?:preciso de|quero um|quero uma|gostaria de|continue)",
    ),
    subject=(
        r"^(?:eu|tu|você|ele|ela|nós|eles|elas|o|a|os|as|um|uma|meu|minha|me|te|se|lhe|é|era|não|que|em|de|por|para|com|"
        r"há|está|\w+o)(?!\w)",
    ),
    question=(r"\?\s*$", r"^(?:o que|qual|quais|como|por que|porque|onde|quando|quem|quanto)\b"),
    polite=(r"^(?:você )?(?:pode|poderia) (?:não|parar de|sempre|evitar|usar sempre)",),
    reject=(r"^(?:não|errado|assim não|de novo)\b",),
    bound=(
        r"(?:este|esta|esse|essa|o|a|sua) (?:primeir|segund|terceir|últim|anterior|seguinte|mesm)\w*(?: \w+)?",
        r"(?:este|esta|esse|essa|neste|nesta) (?:parágrafo|seção|frase|linha|texto|exemplo|resposta|função|"
        r"arquivo|poema|história)",
        r"(?:parágrafo|seção|linha|capítulo|passo) \d+|(?:resposta|versão) anterior",
    ),
    once=(r"(?:só|apenas) (?:desta|dessa|esta) vez|por (?:enquanto|ora|hoje)|desta vez",),
    persona=(r"^(?:aja como|você é (?:um|uma|o|a)|imagine que|finja|quero que você (?:aja|atue|seja))",),
    fiction=(r"conto|história|poema|canção|romance|roteiro",),
    errand=(
        r"^(?:reserv[ae]|compr[ae]|cancel[ae]|encomend[ae]|peça|pede) (?:-?me )?(?:uma?|o|a|minha|meu|dois|duas)\b",
    ),
    chat=(
        r"^(?:olá|oi|bom dia|boa tarde|boa noite|obrigad[oa]|muito obrigad[oa]|ok|sim|não|perfeito|ótimo|"
        r"certo|beleza|tchau|valeu)[!. ]*$",
    ),
    condition=(r"^(?:quando|se|antes de|depois de|para|em|sempre que|toda vez)\b",),
    tail=(r"^(?:porque|para que|senão|exceto|por exemplo|que)\b",),
    lead=(
        r"por favor|e|mas|também|além disso|ok|bom|não,|certo|a partir de (?:agora|hoje)|de agora em diante|"
        r"daqui (?:em|pra) (?:diante|frente)|no futuro|da próxima vez|lembre-se(?: de| que)?|"
        r"você pode|pode|poderia",
    ),
)
