"""Constants that a component shows: from one import away, and never what may be another text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_icp.facts.pages import completed, find_numbers
from pytest_icp.facts.pages.rendering import certain
from pytest_icp.law.errors import InputError

NUMBER = "京B2-20990001"
OBJECT = f"{{ icp: '{NUMBER}' }}"
VUE = """<template><footer><p>{{ site.icp }}</p></footer></template>
<script setup>
import site from '../config/site'
</script>"""
OPTIONS = """<template><p>{{ site.icp }}</p></template>
<script>
import site from '../config/site'
export default {
  name: 'F',
  data() { return { a: 1, site } },
  methods: { f() { return this.a } },
}
</script>"""
JSX = """import site from '../config/site'
export default function F() {
  return (
    <footer><p>{site.icp}</p></footer>
  )
}"""
DATA = "data() { return { a: 1, site } }"
RENAMED = OPTIONS.replace("import site", "import OF").replace("a: 1, site", "a: 1, site: OF")
LITERAL = f"""<template><p>{{{{ icp }}}}</p></template>
<script>
export default {{
  data() {{ return {{ a: 1, icp: '{NUMBER}' }} }},
  methods: {{ f() {{ return this.a / 2 }} }},
}}
</script>"""
TAKEN = JSX.replace("  return", "  const { icp } = site\n  return").replace("site.icp", "icp")
SITE = {"config/site.js": f"export default {OBJECT}"}


def shown(name: str, code: str, modules: Mapping[str, str] = SITE) -> bool:
    """Whether a component of ``src/components`` certainly shows the number."""

    def read(path: Path) -> bytes:
        module = modules.get(path.as_posix().removeprefix("src/"))
        if module is None:
            raise InputError("no such file")
        return module.encode()

    path = Path("src/components", name)
    return NUMBER in find_numbers(certain(path, completed(path, code, read))).licences


def named(code: str) -> str:
    return code.replace("import site", "import { site }")


@pytest.mark.parametrize(
    ("name", "code", "modules"),
    [
        ("F.vue", VUE, SITE),
        ("F.vue", VUE.replace("../config", "@/config"), SITE),
        ("F.vue", VUE.replace("site'", "site.js'\nimport './a.css'"), SITE),
        (
            "F.vue",
            VUE,
            {
                "config/site.js": "// a\nconst b = 1; export default "
                f"{{ a: [1, {{}}], f() {{ return 2 }}, b, 'icp': \"{NUMBER}\", c: b ? 1 : 2 }};"
            },
        ),
        (
            "F.vue",
            VUE,
            {"config/site.ts": f"const s: Site<X> = {OBJECT} as const;\nexport default s\n"},
        ),
        (
            "F.vue",
            VUE,
            {"config/site.js": f"const a = b / 2, c = d[1] / 3\nexport default {OBJECT}"},
        ),
        (
            "F.vue",
            named(VUE),
            {
                "config/site/index.js": "export * from './a'\nexport * from './gone'\n",
                "config/site/a.js": f"export const site = {OBJECT}",
            },
        ),
        (
            "F.vue",
            named(VUE),
            {
                "config/site.js": "export { own as site } from './own/a'",
                "config/own/a.js": f"export const own = {OBJECT}",
            },
        ),
        ("F.vue", VUE, {"config/site.json": f'{{"icp": "{NUMBER}"}}'}),
        ("F.vue", VUE, {"config/site/index.js": f"require('a');\nmodule.exports = {OBJECT}"}),
        (
            "F.vue",
            named(VUE),
            {"config/site.js": f"export const site = {{ icp: `{NUMBER}` }}\nexport const a = 1"},
        ),
        (
            "F.vue",
            VUE.replace("import site", "import * as site"),
            {"config/site.js": f"export const icp = '{NUMBER}'\nexport const b = 1"},
        ),
        (
            "F.vue",
            VUE.replace("import site", "import x, { a as site }"),
            {"config/site.js": f"const a = {OBJECT}\nexport {{ a }}\n"},
        ),
        ("F.vue", VUE.replace("<p>", '<p v-if="site.icp">'), SITE),
        ("F.vue", VUE.replace("</script>", "if (site.icp == x) y(site.icp)\n</script>"), SITE),
        (
            "F.vue",
            VUE.replace("<p>", '<i v-for="l in site.links">{{ l }}</i><p :class="site.a">'),
            SITE,
        ),
        (
            "F.vue",
            (
                f"<template><p>{{{{ ICP }}}}</p></template><script setup>const ICP = '{NUMBER}'\n"
                "const a = ref(1)</script>"
            ),
            {},
        ),
        ("F.vue", "<template><p>京{{ 'B2-20990001' }}</p></template>", {}),
        ("F.vue", OPTIONS, SITE),
        ("F.vue", OPTIONS.replace(DATA, "data() { return { site: site } }"), SITE),
        ("F.vue", OPTIONS.replace(DATA, "data: () => ({ site })"), SITE),
        ("F.vue", RENAMED, SITE),
        ("F.vue", RENAMED.replace("this.a", "this.site.name"), SITE),
        ("F.vue", LITERAL, {}),
        ("F.vue", LITERAL.replace("this.a", "this.icp"), {}),
        ("F.vue", OPTIONS.replace(DATA, "data: function () { return { site } }"), SITE),
        (
            "F.vue",
            OPTIONS.replace("default {", "default defineComponent({")
            .replace("data() {", "setup() { const a = ref(1);")
            .replace("},\n}", "},\n})"),
            SITE,
        ),
        ("F.jsx", JSX, SITE),
        (
            "F.jsx",
            "import { A, B } from '../c'\nexport default () => <p>{A}{B}</p>",
            {"c.js": "export const A = '京'\nexport const B = 'B2-20990001'"},
        ),
        (
            "F.tsx",
            (
                "import React from 'react';\nimport { ICP } from '@/c';\n"
                "export const F: React.FC = () => (<footer><a href={x}>{ICP}</a></footer>);"
            ),
            {"c.ts": f"export const ICP = '{NUMBER}';\n"},
        ),
        ("F.tsx", f"const ICP = '{NUMBER}';\nexport const F = () => <p>{{ICP}}</p>;", {}),
        ("F.jsx", f"export const F = () => <p>{{'{NUMBER}'}}</p>;", {}),
        ("F.jsx", JSX.replace("{site.icp}", "{site.icp && <i>{site.icp}</i>}"), SITE),
        ("F.jsx", JSX.replace("{site.icp}", "{site.icp && (\n<i>{site.icp}</i>\n)}"), SITE),
        ("F.jsx", JSX.replace("{site.icp}", "{site.icp ? (<i>{site.icp}</i>) : null}"), SITE),
        ("F.jsx", JSX.replace("  return", "  if (!site.icp) return null;\n  return"), SITE),
        ("F.jsx", JSX.replace("  return", "  if (!site.icp) { return null }\n  return"), SITE),
        ("F.jsx", TAKEN, SITE),
        ("F.jsx", TAKEN.replace("{ icp }", "{ a, icp: b, }").replace("{icp}", "{b}"), SITE),
        ("F.jsx", JSX.replace("<p>", "<p style={{color: 'red', fontSize: 12}}>"), SITE),
        ("F.jsx", JSX.replace("<p>", "<p aria-hidden className='overflow-hidden'>"), SITE),
        (
            "F.tsx",
            (
                f"const ICP = '{NUMBER}'\nexport default defineComponent({{ setup() {{\n"
                "return () => (<p>{ICP}</p>)\n} })"
            ),
            {},
        ),
    ],
)
def test_a_constant_is_followed(name: str, code: str, modules: Mapping[str, str]) -> None:
    assert shown(name, code, modules)


@pytest.mark.parametrize(
    "module",
    [
        "",
        f"export default {{ ICP: '{NUMBER}' }}",
        f"export default {{ icp: '{NUMBER}' + x }}",
        f"export default {{ icp: x ? '{NUMBER}' : '' }}",
        f"export default {{ icp: '{NUMBER}'.slice(3) }}",
        f"export default {{ icp: '{NUMBER}', icp: '' }}",
        f"export default {{ icp: '{NUMBER}', ...other }}",
        f"export default {{ icp: '{NUMBER}', [k]: '' }}",
        f"export default {{ icp: '{NUMBER}', get icp() {{ return '' }} }}",
        f"export default {{ icp: '\\x00{NUMBER}' }}",
        f"export default {{ icp: `{NUMBER}${{x}}` }}",
        f"export default {{ icp: '<b>{NUMBER}</b>' }}",
        f"export default {{ dev: {OBJECT} }}",
        f"export default {'{icp:' * 30}'{NUMBER}'{'}' * 30}",
        f"export default {OBJECT}[x]",
        f"export default {OBJECT} ]",
        f"export default {OBJECT}.other",
        f"export default {OBJECT}\n.other",
        f"export default {OBJECT} as X || y",
        f"export default process.env.X || {OBJECT}",
        f"export default x({OBJECT})",
        f"// export default {OBJECT}",
        f"/* export default {OBJECT} */",
        f"const s = `export default {OBJECT}`",
        f"const a = x.match(/'/); export default {OBJECT}",
        f"const a = (b) / 2; export default {OBJECT}",
        f"const a = 'b\nexport default {OBJECT}",
        f"const s = {OBJECT}\ns.icp = ''\nexport default s",
        f"let s = {OBJECT}\nexport default s",
        f"if (x) {{ const s = {OBJECT} }}\nexport default s",
        f"const s: typeof x = y, t = {OBJECT}\nexport default s",
        f"const s = {OBJECT}\nexport default s.other",
        f"if (x) module.exports = {OBJECT}",
        f"module.exports = {OBJECT}\nmodule.exports.icp = ''",
        f"x.exports = {OBJECT}",
        f"export {{ default }} from './other'; export const icp = '{NUMBER}'",
    ],
)
def test_what_a_module_computes_changes_or_does_not_have(module: str) -> None:
    assert not shown("F.vue", VUE, {"config/site.js": module})


@pytest.mark.parametrize(
    "module",
    [
        f"export default {{ site: {OBJECT} }}",
        f"export function site() {{ const icp = '{NUMBER}' }}",
        f"export const site = {OBJECT}\nObject.assign(site, window.x)",
        f"export const site = import.meta.env.DEV ? {OBJECT} : {{}}",
        f"const site = {OBJECT}\nexport {{ x as site }}",
        f"const other = {OBJECT}\nexport {{ other }}",
        f"const site = {OBJECT}\nexport {{ site }} from './other'",
    ],
)
def test_a_name_that_a_module_does_not_export_as_such(module: str) -> None:
    assert not shown("F.vue", named(VUE), {"config/site.js": module})


def test_a_module_below_a_folder_of_sources_that_is_not_there() -> None:
    def read(_: Path) -> bytes:
        raise AssertionError

    code = VUE.replace("../config", "@/config")
    assert completed(Path("app", "F.vue"), code, read) == code


def test_a_module_that_may_be_one_of_two_files_or_of_a_package() -> None:
    assert not shown("F.vue", VUE, {**SITE, "config/site.ts": "export default { icp: '' }"})
    assert not shown(
        "F.vue", VUE.replace("../config/site", "site"), {"site.js": f"export default {OBJECT}"}
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import site", "// import site"),
        ("import site", "import type site"),
        ("</script>", "site.icp = ''\n</script>"),
        ("</script>", "site.icp += 'a'\n</script>"),
        ("</script>", "site.icp ||= ''\n</script>"),
        ("</script>", "site['icp'] = ''\n</script>"),
        ("</script>", "Object.assign(site, x)\n</script>"),
        ("</script>", "delete site.icp\n</script>"),
        ("</script>", "a.delimiters = x\n</script>"),
        ("<script setup>", "<script>"),
        ("<script setup>", "<script setup src='x.js'>"),
        ("<template>", "<template lang='pug'>"),
        ("</template>", ""),
        ("<p>", "<p v-if='x'>"),
        ("<p>", "<p v-if='!site.icp'>"),
        ("<p>", "<p v-if='site.off'>"),
        ("<p>", "<p v-else>"),
        ("<p>", "<p v-pre>"),
        ("<p>", "<p v-text='x'>"),
        ("<p>", "<p v-for='site in sites'>"),
        ("<p>", "<p v-for='(site, i) of sites'>"),
        ("<p>", "<Foo #foot='{ site }'>x</Foo><p>"),
        ("<p>", "<Foo v-slot:foot='site'>x</Foo><p>"),
        ("<p>", "<p @click='site.icp = 1'>"),
        ("<p>", "<p :a='site.icp = 1'>"),
        ("<p>", "<input v-model='site.icp'><p>"),
        ("<p>", "<p style='display:none'>"),
        ("<p>", "<p hidden>"),
        ("<p>{{ site.icp }}</p>", "<!-- {{ site.icp }} -->"),
        ("<p>{{ site.icp }}</p>", "<p :title='site.icp'></p>"),
        ("<p>{{ site.icp }}</p>", "<p title='{{ site.icp }}'></p>"),
        ("site.icp }}", "site.icp | mask }}"),
        ("site.icp }}", "mask(site.icp) }}"),
        ("site.icp }}", "site.icp.length }}"),
        ("site.icp }}", "site.icp && x }}"),
    ],
)
def test_what_a_component_of_vue_may_not_show(old: str, new: str) -> None:
    assert old in VUE
    assert not shown("F.vue", VUE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (DATA, "data() { return { a: 1 } }"),
        (DATA, "methods: { data() { return { site } } }"),
        (DATA, "dato() { return { site } }"),
        (DATA, "data() { if (x) return {}; return { site } }"),
        (DATA, "data() { return { site, ...x } }"),
        (DATA, "data() { return { a: { site } } }"),
        (DATA, "data() { return { site: site.other } }"),
        (DATA, "data() { return { site: f(site) } }"),
        (DATA, "data() { return { site } }, watch: { site() { } }"),
        (DATA, "data() { return {} }, computed() { return { site } }"),
        (DATA, "x: f(data, () => { return { site } })"),
        ("export default {", "const other = {"),
        ("return this.a", "this.site = 1"),
        ("return this.a", "this['site'] = 1"),
        ("return this.a", "this[k] = 1"),
        ("return this.a", "Object.assign(this, k)"),
        ("return this.a", "Object.assign(this.$data, k)"),
        ("return this.a", "const that = this; that[k] = 1"),
        ("'F'", "'F', props: ['site']"),
        ("'F'", "'F', mixins: [other]"),
        (DATA, "data() { return { site: OTHER } }"),
        ("'F'", "'F', delimiters: ['${', '}']"),
    ],
)
def test_what_a_component_with_options_may_not_show(old: str, new: str) -> None:
    assert old in OPTIONS
    assert not shown("F.vue", OPTIONS.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import site", "// import site"),
        ("function F()", "function F({ site })"),
        ("  return (", "  const site = useSite()\n  return ("),
        ("  return (", "  site.icp = ''\n  return ("),
        ("  return (", "  if (x) return null\n  return ("),
        ("  return (", "  if (site.icp) return null\n  return ("),
        ("  return (", "  if (!site.off) return null\n  return ("),
        ("{site.icp}", "{site.off && <i>{site.icp}</i>}"),
        ("{site.icp}", "{!site.icp && <i>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp || <i>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp && x && <i>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp && <i>a</i> || <i>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp ? null : <i>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp ? <i>a</i> : <i>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp && <i hidden>{site.icp}</i>}"),
        ("{site.icp}", "{site.icp && <Foo>{site.icp}</Foo>}"),
        ("{site.icp}", "{site.icp && (<i>{site.icp}</i>}"),
        ("<p>", "<p style={{display: x ? 'block' : 'none'}}>"),
        ("<p>", "<p style={{visibility: 'hidden', color: \"red\"}}>"),
        ("<p>", "<p style={{position: 'absolute', left: -9999}}>"),
        ("{site.icp}", "{x && site.icp}"),
        ("{site.icp}", "{site?.icp}"),
        ("{site.icp}", "{'京B2-20990001'.length}"),
        ("{site.icp}", "{/* site.icp */}"),
        ("{site.icp}", "{sites.map(site => <i>{site.icp}</i>)}"),
        ("<p>{site.icp}</p>", "<p title={site.icp}/>"),
        ("<p>", "<p style={{display: 'none'}}>"),
        ("<p>{site.icp}</p>", "<Foo>{site.icp}</Foo>"),
        ("{site.icp}", "{site.icp"),
        ("export default function F() {", "export default function F() { function mask(site) { }"),
    ],
)
def test_what_a_component_of_jsx_may_not_show(old: str, new: str) -> None:
    assert old in JSX
    assert not shown("F.jsx", JSX.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{ icp }", "{ icp = 'x' }"),
        ("{ icp }", "{ icp: other }"),
        ("{ icp } = site", "{ icp } = site.other"),
        ("const { icp }", "let { icp }"),
        ("function F()", "function F({ icp })"),
        ("  return (", "  icp = ''\n  return ("),
        ("  return (", "  site.icp = ''\n  return ("),
        ("  return (", "  change(site)\n  return ("),
    ],
)
def test_what_is_taken_out_of_an_object_and_may_be_another(old: str, new: str) -> None:
    assert old in TAKEN
    assert not shown("F.jsx", TAKEN.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("this.a", "this.icp = ''"),
        ("this.a", "this.$set(this, 'icp', '')"),
        ("icp: '", "...x, icp: '"),
        ("data()", "methods: { data() { } }, dato()"),
        ("<p>", "<input v-model='icp'><p>"),
        ("<p>", "<p v-for='icp in list'>"),
        ("methods", "props: ['icp'], methods"),
        ("{ return { a: 1", "{ if (x) { return {} } return { a: 1"),
    ],
)
def test_a_text_of_a_component_that_may_be_another(old: str, new: str) -> None:
    assert old in LITERAL
    assert not shown("F.vue", LITERAL.replace(old, new))


def test_a_name_that_two_modules_pass_on_or_another_replaces() -> None:
    modules = {
        "config/site/index.js": "export * from './a'\nexport * from './b'",
        "config/site/a.js": f"export const site = {OBJECT}",
        "config/site/b.js": f"export const site = {OBJECT}",
    }
    assert not shown("F.vue", named(VUE), modules)
    own = {**modules, "config/site/index.js": "export * from './a'\nexport const site = {}"}
    assert not shown("F.vue", named(VUE), own)
    default = {**modules, "config/site/index.js": "export * from './d'"}
    assert not shown("F.vue", VUE, {**default, "config/site/d.js": f"export default {OBJECT}"})


@pytest.mark.parametrize(
    "code",
    [
        "<template><p>{{ icp }}</p></template><script setup>let icp = 'NUMBER'</script>",
        "<template><p>{{ icp }}</p></template><script setup>const icp = ref('NUMBER')</script>",
        "<template><p>{{ icp }}</p></template><script>const icp = 'NUMBER'</script>",
        (
            "<template><p>{{ icp }}</p></template>"
            "<script setup>function f() { const icp = 'NUMBER' }</script>"
        ),
        "<template><p>{{ icp }}</p></template><script setup>const { icp } = x</script>",
        "<!-- <template><p>NUMBER</p></template> -->",
        "<script>const t = '<template><p>NUMBER</p>'</script><template><p>a</p></template>",
        "<docs><template><p>NUMBER</p></template></docs><template><p>a</p></template>",
        "<template><p>a</p></template><docs><template><p>NUMBER</p></template></docs>",
        "<docs><template><p>NUMBER</p></template>",
    ],
)
def test_what_no_template_shows(code: str) -> None:
    assert not shown("F.vue", code.replace("NUMBER", NUMBER))


def styled(script: str, style: str = "", name: str = "class") -> str:
    return f"{script}<template><p {name}='icp'>{NUMBER}</p></template>{style}"


VUE_IMPORT = styled("<script>import '../a.css'</script>")
JSX_MODULE = (
    f"import styles from '@/a.css'\nexport default () => <p className={{styles.icp}}>{NUMBER}</p>"
)
GONE = ".icp { display: none }"
SASS = "<style lang=scss>@mixin gone { display: none }\n.icp { @include gone }</style>"


@pytest.mark.parametrize(
    ("name", "code", "css", "seen"),
    [
        *(("F.vue", VUE_IMPORT, css, css == ".a{}") for css in (GONE, ".a{}")),
        *(("F.tsx", JSX_MODULE, css, css == ".a{}") for css in (GONE, ".a{}")),
        ("F.tsx", JSX_MODULE, "@mixin a { opacity: 0 } .icp { @include a }", False),
        ("F.tsx", JSX_MODULE.replace("@/a.css", "a/a.css"), GONE, True),
        ("F.vue", styled("", "<style scoped src='../a.css'></style>"), GONE, False),
        ("F.vue", styled("", "<style>@import '../a.css';</style>"), GONE, False),
        ("F.vue", styled("", f"<style module>{GONE}</style>", ":class"), "", True),
        (
            "F.vue",
            styled("", f"<style module>{GONE}</style>", ":class").replace("'icp'", "'$style.icp'"),
            "",
            False,
        ),
        ("F.vue", styled("", "<style>.icp { display: v-bind(x) }</style>"), "", False),
        ("F.vue", styled("", SASS), "", False),
        ("F.vue", styled("", SASS.replace("display: none", "color: red")), "", True),
        ("F.vue", styled("", "<style>@d: none; .icp { display: @d }</style>"), "", False),
        ("F.vue", styled("", "<style>.no { opacity: 0 } .icp { .no(); }</style>"), "", False),
        ("F.astro", f"---\nimport '../a.css'\n---\n<p class=icp>{NUMBER}</p>", GONE, False),
    ],
)
def test_a_style_sheet_of_a_component_hides(name: str, code: str, css: str, seen: bool) -> None:
    assert shown(name, code, {"a.css": css}) is seen


@pytest.mark.parametrize(
    ("line", "named", "sheets"),
    [
        ("import './f.css'", "'foot'", {"f.css": ".foot{display:none}"}),
        ("import s from './f.module.css'", "{s.foot}", {"f.module.css": ".foot{opacity:0}"}),
        ("import s from './f.module.css'", "{s['foot']}", {"f.module.css": ".foot{opacity:0}"}),
        ("import './f.scss'", "'foot'", {"f.scss": '@import "b";', "_b.scss": "p{scale:0}"}),
        ("import './f.scss'", "'foot'", {"f.scss": '@use "c/b" as x;', "c/_b.scss": "p{scale:0}"}),
        ("import './f.less'", "'foot'", {"f.less": "@import 'b';", "b.less": "p{scale:0}"}),
    ],
)
def test_a_style_sheet_that_a_component_imports_hides(
    line: str, named: str, sheets: Mapping[str, str]
) -> None:
    code = f"{line};\nexport default () => <p className={named}>{NUMBER}</p>;"
    assert shown("F.jsx", code, {})
    assert not shown("F.jsx", code, {f"components/{name}": css for name, css in sheets.items()})
