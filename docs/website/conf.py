"""What Sphinx is told; ``python docs/website`` calls it with ``-D language=…``."""

import gc
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from website.extension import TITLES  # noqa: E402  (found by the path above)

# The process ends with the pages; to look for garbage would take a fifth of its time.
gc.disable()

_lang = os.environ["ICP_SITE_LANGUAGE"]

project = "pytest-icp"
html_title = TITLES[_lang]
language = {"zh": "zh_CN", "en": "en"}[_lang]
extensions = ["myst_parser", "website.extension"]

# GitHub's anchors of headings; a link without a target is an error by -W.
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # formats that Pygments does not know

html_theme = "furo"
templates_path = [str(HERE / "templates")]
html_static_path = [str(HERE / "static")]
html_css_files = ["site.css"]
html_additional_pages = {"search": "search.html"}
locale_dirs = ["../locale"]
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_show_copyright = False
html_show_sphinx = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_theme_options = {"top_of_page_buttons": []}
smartquotes = False

linkcheck_timeout = 15
linkcheck_retries = 2
linkcheck_workers = 8
