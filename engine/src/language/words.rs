//! Whole numbers in words, as they stand on papers: what cannot be changed by one stroke of a pen.

use super::Language;

/// A number in the language's own words; digits above the words' reach.
pub fn in_words(number: u64, language: Language) -> String {
    if number >= 1_000_000_000_000_000 {
        return number.to_string();
    }
    match language {
        Language::En => english(number),
        Language::Fa => persian(number),
        Language::Zh => chinese(number),
        Language::Pl => polish(number),
    }
}

const EN_ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const EN_GROUPS: [&str; 5] = ["", "thousand", "million", "billion", "trillion"];

fn word(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}

/// Groups of three digits, the highest first, with the power of a thousand of each.
fn groups(number: u64) -> Vec<(u64, u64)> {
    let mut groups = Vec::new();
    let (mut rest, mut power) = (number, 0);
    while rest > 0 {
        if rest % 1000 > 0 {
            groups.push((rest % 1000, power));
        }
        (rest, power) = (rest / 1000, power + 1);
    }
    groups.reverse();
    groups
}

fn english(number: u64) -> String {
    if number < 20 {
        return word(&EN_ONES, number).to_owned();
    }
    let below_thousand = |n: u64| {
        let mut parts = Vec::new();
        if n >= 100 {
            parts.push(format!("{} hundred", word(&EN_ONES, n / 100)));
        }
        match n % 100 {
            0 => {}
            few @ 1..20 => parts.push(word(&EN_ONES, few).to_owned()),
            many if many % 10 == 0 => parts.push(word(&EN_TENS, many / 10).to_owned()),
            many => parts.push(format!("{}-{}", word(&EN_TENS, many / 10), word(&EN_ONES, many % 10))),
        }
        parts.join(" ")
    };
    let parts = groups(number).into_iter().map(|(n, power)| {
        let text = format!("{} {}", below_thousand(n), word(&EN_GROUPS, power));
        text.trim_end().to_owned()
    });
    parts.collect::<Vec<_>>().join(" ")
}

const FA_ONES: [&str; 20] = [
    "صفر",
    "یک",
    "دو",
    "سه",
    "چهار",
    "پنج",
    "شش",
    "هفت",
    "هشت",
    "نه",
    "ده",
    "یازده",
    "دوازده",
    "سیزده",
    "چهارده",
    "پانزده",
    "شانزده",
    "هفده",
    "هجده",
    "نوزده",
];
const FA_TENS: [&str; 10] = ["", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"];
const FA_HUNDREDS: [&str; 10] =
    ["", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"];
const FA_GROUPS: [&str; 5] = ["", "هزار", "میلیون", "میلیارد", "تریلیون"];

fn persian(number: u64) -> String {
    if number < 20 {
        return word(&FA_ONES, number).to_owned();
    }
    let below_thousand = |n: u64| {
        let mut parts = vec![word(&FA_HUNDREDS, n / 100)];
        match n % 100 {
            few @ 1..20 => parts.push(word(&FA_ONES, few)),
            many => {
                parts.push(word(&FA_TENS, many / 10));
                if many % 10 > 0 {
                    parts.push(word(&FA_ONES, many % 10));
                }
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" و ")
    };
    let parts = groups(number).into_iter().map(|(n, power)| match (n, power) {
        // One thousand is said without the one.
        (1, 1) => word(&FA_GROUPS, 1).to_owned(),
        (n, 0) => below_thousand(n),
        (n, power) => format!("{} {}", below_thousand(n), word(&FA_GROUPS, power)),
    });
    parts.collect::<Vec<_>>().join(" و ")
}

const ZH_DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const ZH_PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const ZH_GROUPS: [&str; 4] = ["", "万", "亿", "兆"];

/// In the capital numerals of bank papers; a gap of any length is read as one zero.
fn chinese(number: u64) -> String {
    if number == 0 {
        return word(&ZH_DIGITS, 0).to_owned();
    }
    let mut text = String::new();
    let mut is_gap = false;
    for power in (0..4_u32).rev() {
        let unit = 10_000_u64.pow(power);
        let group = number / unit % 10_000;
        if group == 0 {
            is_gap = !text.is_empty();
            continue;
        }
        for place in (0..4_u32).rev() {
            let digit = group / 10_u64.pow(place) % 10;
            if digit == 0 {
                is_gap = is_gap || !text.is_empty();
                continue;
            }
            if is_gap {
                text.push_str(word(&ZH_DIGITS, 0));
            }
            is_gap = false;
            text.push_str(word(&ZH_DIGITS, digit));
            text.push_str(word(&ZH_PLACES, place.into()));
        }
        text.push_str(word(&ZH_GROUPS, power.into()));
        // A group that ends in zeros is followed by its word; what is missing before the next digit is a gap.
        is_gap = power > 0 && number % unit < unit / 10 && !number.is_multiple_of(unit);
    }
    text
}

const PL_ONES: [&str; 20] = [
    "zero",
    "jeden",
    "dwa",
    "trzy",
    "cztery",
    "pięć",
    "sześć",
    "siedem",
    "osiem",
    "dziewięć",
    "dziesięć",
    "jedenaście",
    "dwanaście",
    "trzynaście",
    "czternaście",
    "piętnaście",
    "szesnaście",
    "siedemnaście",
    "osiemnaście",
    "dziewiętnaście",
];
const PL_TENS: [&str; 10] = [
    "",
    "",
    "dwadzieścia",
    "trzydzieści",
    "czterdzieści",
    "pięćdziesiąt",
    "sześćdziesiąt",
    "siedemdziesiąt",
    "osiemdziesiąt",
    "dziewięćdziesiąt",
];
const PL_HUNDREDS: [&str; 10] = [
    "",
    "sto",
    "dwieście",
    "trzysta",
    "czterysta",
    "pięćset",
    "sześćset",
    "siedemset",
    "osiemset",
    "dziewięćset",
];
/// One, two to four, five and more of each group.
const PL_GROUPS: [[&str; 3]; 5] = [
    ["", "", ""],
    ["tysiąc", "tysiące", "tysięcy"],
    ["milion", "miliony", "milionów"],
    ["miliard", "miliardy", "miliardów"],
    ["bilion", "biliony", "bilionów"],
];

fn polish(number: u64) -> String {
    if number < 20 {
        return word(&PL_ONES, number).to_owned();
    }
    let below_thousand = |n: u64| {
        let mut parts = vec![word(&PL_HUNDREDS, n / 100)];
        match n % 100 {
            0 => {}
            few @ 1..20 => parts.push(word(&PL_ONES, few)),
            many => {
                parts.push(word(&PL_TENS, many / 10));
                if many % 10 > 0 {
                    parts.push(word(&PL_ONES, many % 10));
                }
            }
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    };
    let parts = groups(number).into_iter().map(|(n, power)| {
        let forms =
            usize::try_from(power).ok().and_then(|power| PL_GROUPS.get(power)).unwrap_or(&PL_GROUPS[0]);
        let [one, few, many] = forms;
        let name = match n {
            1 => one,
            n if (2..=4).contains(&(n % 10)) && !(12..=14).contains(&(n % 100)) => few,
            _ => many,
        };
        match (n, power) {
            (n, 0) => below_thousand(n),
            (1, _) => (*name).to_owned(),
            (n, _) => format!("{} {name}", below_thousand(n)),
        }
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(number: u64, expected: [&str; 4]) {
        let words = [Language::En, Language::Fa, Language::Zh, Language::Pl];
        assert_eq!(words.map(|language| in_words(number, language)), expected, "{number}");
    }

    #[test]
    fn numbers_are_told_as_each_language_tells_them() {
        told(0, ["zero", "صفر", "零", "zero"]);
        told(15, ["fifteen", "پانزده", "壹拾伍", "piętnaście"]);
        told(21, ["twenty-one", "بیست و یک", "贰拾壹", "dwadzieścia jeden"]);
        told(100, ["one hundred", "صد", "壹佰", "sto"]);
        told(
            1_022,
            ["one thousand twenty-two", "هزار و بیست و دو", "壹仟零贰拾贰", "tysiąc dwadzieścia dwa"],
        );
        told(
            2_005_300,
            [
                "two million five thousand three hundred",
                "دو میلیون و پنج هزار و سیصد",
                "贰佰万伍仟叁佰",
                "dwa miliony pięć tysięcy trzysta",
            ],
        );
        told(
            10_670_000,
            [
                "ten million six hundred seventy thousand",
                "ده میلیون و ششصد و هفتاد هزار",
                "壹仟零陆拾柒万",
                "dziesięć milionów sześćset siedemdziesiąt tysięcy",
            ],
        );
    }

    #[test]
    fn a_gap_is_one_zero_in_chinese_and_none_at_the_end() {
        for (number, expected) in [
            (100_010_001, "壹亿零壹万零壹"),
            (100_000_005, "壹亿零伍"),
            (20_000, "贰万"),
            (300_400, "叁拾万零肆佰"),
        ] {
            assert_eq!(in_words(number, Language::Zh), expected, "{number}");
        }
    }

    #[test]
    fn polish_counts_groups_in_three_forms() {
        for (number, expected) in [
            (1_000, "tysiąc"),
            (4_000, "cztery tysiące"),
            (12_000, "dwanaście tysięcy"),
            (22_000, "dwadzieścia dwa tysiące"),
            (112_000, "sto dwanaście tysięcy"),
            (1_000_000_000, "miliard"),
        ] {
            assert_eq!(in_words(number, Language::Pl), expected, "{number}");
        }
    }
}
