import pytest

from portal.people.devices import described, range_of

ON_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
ON_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
ON_ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Windows")),
        (ON_WINDOWS + "Safari/537.36", ("Chrome", "Windows")),
        (ON_WINDOWS + "Safari/537.36 Edg/140.0.0.0", ("Edge", "Windows")),
        (ON_WINDOWS + "Safari/537.36 OPR/120.0.0.0", ("Opera", "Windows")),
        (ON_IPHONE + "Version/19.0 Mobile/15E148 Safari/604.1", ("Safari", "iPhone")),
        (ON_IPHONE + "CriOS/140.0 Mobile/15E148 Safari/604.1", ("Chrome", "iPhone")),
        (ON_IPHONE + "FxiOS/140.0 Mobile/15E148 Safari/604.1", ("Firefox", "iPhone")),
        (ON_ANDROID + "Chrome/140.0.0.0 Mobile Safari/537.36", ("Chrome", "Android")),
        (ON_ANDROID + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", ("Samsung Internet", "Android")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", ("Safari", "macOS")),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0.0.0 Safari/537.36", ("Chrome", "ChromeOS")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
        ("curl/8.5.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_called_by_browser_and_system(user_agent, device):
    assert described(user_agent)[:2] == device


def test_names_are_joined_for_people():
    assert str(described("Firefox/140.0 Windows")) == "Firefox, Windows"
    assert str(described("")) == ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("no address", ""),
        ("", ""),
    ],
)
def test_of_an_address_only_its_range_is_known(address, network):
    assert range_of(address) == network
