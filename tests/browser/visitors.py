"""Who opens a page in a browser, and names that attack whoever reads them."""

READER = {
    "viewport": {"width": 1440, "height": 1000},
    "locale": "en-GB",
    "color_scheme": "light",
}
PHONE = {"width": 390, "height": 844}
ON_A_PHONE = {
    "viewport": PHONE,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
}

EVIL = ":red[boo] $x$ [a](javascript:alert(1)) <img src=x onerror=alert(1)>"
EVIL_TABLE = "<img src=x onerror=\"document.title='evil'\"> [a](javascript:alert(1)) :red[x] $y$"
