//! The HTML report in a browser: Chromium without a window, spoken to through two pipes.

use crate::support::{
    Listed, cell, everything, full, full_summary, options, told, violation, written,
};
use fanshi::grouping::{Group, Grouping, Groups};
use fanshi::report::{Format, write_with_rows};
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A page in Chromium.
struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: String,
    next: u64,
    /// What the browser said on its own: requests, console messages, errors.
    events: Vec<Value>,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser {
    /// Starts a browser; `None` where there is none.
    #[allow(clippy::print_stderr, reason = "a skipped test says so")]
    fn start(name: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("browser-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let script = "set -e
            for name in chromium chromium-browser google-chrome; do browser=$(command -v $name) && break; done
            [ -n \"$browser\" ]
            mkfifo to from
            exec $browser --headless --no-sandbox --disable-gpu --hide-scrollbars --remote-debugging-pipe --user-data-dir=profile about:blank 3<to 4>from";
        let mut child = Command::new("sh")
            .args(["-c", script])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (to, from) = (folder.join("to"), folder.join("from"));
        let start = Instant::now();
        while !from.exists() {
            if child.try_wait().unwrap().is_some() || start.elapsed() > Duration::from_secs(10) {
                eprintln!("skipped: no chromium here");
                return None;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let to = File::options().write(true).open(to).unwrap();
        let from = BufReader::new(File::open(from).unwrap());
        let mut browser =
            Self { child, to, from, session: String::new(), next: 0, events: Vec::new() };
        let target =
            browser.call("Target.createTarget", &json!({ "url": "about:blank" }))["targetId"]
                .clone();
        let session =
            browser.call("Target.attachToTarget", &json!({ "targetId": target, "flatten": true }));
        session["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        Some(browser)
    }

    fn message(&mut self) -> Value {
        let mut text = Vec::new();
        self.from.read_until(0, &mut text).unwrap();
        text.pop();
        serde_json::from_slice(&text).unwrap()
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.next += 1;
        let mut request = json!({ "id": self.next, "method": method, "params": params });
        if !self.session.is_empty() {
            request["sessionId"] = self.session.as_str().into();
        }
        self.to.write_all(format!("{request}\0").as_bytes()).unwrap();
        loop {
            let message = self.message();
            if message["id"] == self.next {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// Opens a file and waits until it is loaded.
    fn open(&mut self, file: &Path) {
        self.events.clear();
        self.call("Page.navigate", &json!({ "url": format!("file://{}", file.display()) }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let message = self.message();
            self.events.push(message);
        }
    }

    fn evaluate(&mut self, script: &str) -> Value {
        let result =
            self.call("Runtime.evaluate", &json!({ "expression": script, "returnByValue": true }));
        assert!(result.get("exceptionDetails").is_none(), "{script}: {result}");
        result["result"]["value"].clone()
    }

    fn resize(&mut self, width: usize) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// What went wrong, and what was asked for beyond the file itself.
    fn complaints(&self) -> Vec<String> {
        let wrong = |event: &&Value| match event["method"].as_str().unwrap_or("") {
            "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded" => true,
            "Network.requestWillBeSent" => event["params"]["type"] != "Document",
            _ => false,
        };
        self.events.iter().filter(wrong).map(Value::to_string).collect()
    }
}

fn saved(name: &str, html: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, html).unwrap();
    file
}

/// A page, findings by group and kind, dispositions with how many rows declare and must have each, the
/// numbers of findings and items, and the same report as JSON.
type Sample =
    (String, BTreeMap<String, [usize; 6]>, Vec<(String, usize, usize)>, [usize; 2], Value);

/// The sample project as a page, with what its charts have to show.
fn sample() -> Sample {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    {
        let run = Project::read(&folder).run(&Options::default());
        let report = &run.report();
        let run = &run;

        let rows = Groups::new(run, Grouping::usual(&run.policy));
        let mut html = Vec::new();
        write_with_rows(report, Some(&rows), Format::Html, &options(80), &mut html).unwrap();
        let name = |group: &Group| group.name.as_ref().map_or("—", |name| &name.zh).to_owned();
        let departments = rows.list.iter().map(|group| (name(group), group.tally.kinds()));
        let departments = departments.filter(|(_, kinds)| kinds.iter().sum::<usize>() > 0);
        let departments = departments.collect();
        let dispositions = report.decisions[0]
            .dispositions
            .iter()
            .map(|(name, declared, required)| (name.zh.clone(), *declared, *required));
        let items = report.rows.iter().find(|(table, _)| table.en == "item").unwrap().1;
        let json = serde_json::from_str(&written(report, Format::Json, &options(80))).unwrap();
        (
            String::from_utf8(html).unwrap(),
            departments,
            dispositions.collect(),
            [report.findings.len(), items],
            json,
        )
    }
}

/// The numbers of a figure in JSON, as a chart has them: before, after, the difference, the
/// percentage; their units stand apart.
fn numbers(figure: &Value) -> Vec<String> {
    let number =
        |key: &str| figure[key].as_str().map(|text| text.split(' ').next().unwrap().to_owned());
    let unknown = |number: Option<String>| number.unwrap_or_else(|| "不详".to_owned());
    let (before, after) = (unknown(number("before")), unknown(number("value")));
    vec![before, after, number("change").unwrap_or_default(), number("percent").unwrap_or_default()]
}

/// The lines of a chart of changes: name, numbers, and how long the two bars are.
fn pairs(browser: &mut Browser, chart: &str) -> Vec<(String, Vec<String>, Vec<f64>)> {
    let rows = browser.evaluate(&format!(
        "[...{chart}.querySelectorAll('tbody tr, tfoot tr')].map((row) => \
            [row.cells[0].childNodes[0].textContent, \
         [...row.cells].slice(2).map((cell) => cell.textContent), \
         [...row.querySelectorAll('rect:not(.track)')].map((bar) => +bar.getAttribute('width'))])"
    ));
    serde_json::from_value(rows).unwrap()
}

fn length(number: &str) -> f64 {
    number.trim_end_matches('%').parse().unwrap_or(0.0)
}

/// Each chart of a change by group has the groups of the JSON, the largest first, with their
/// numbers, bars as long as they, and all groups last.
fn changes_are_right(browser: &mut Browser, report: &Value) {
    let changes = report["summary"]["measures"].as_array().unwrap().iter();
    let changes: Vec<&Value> =
        changes.filter(|measure| measure.pointer("/overall/before").is_some()).collect();
    assert!(changes.len() > 1, "the sample has several changes by group");
    for (at, measure) in changes.iter().enumerate() {
        let chart = format!("[...document.querySelectorAll('[data-chart=change]')].at({at})");
        let caption = browser
            .evaluate(&format!("{chart}.querySelector('figcaption').childNodes[0].textContent"));
        assert_eq!(caption, measure["heading"]);
        let mut shown = pairs(browser, &chart);
        let (name, overall, bars) = shown.pop().unwrap();
        assert_eq!((&*name, overall, bars), ("全部", numbers(&measure["overall"]), vec![]));
        let groups = measure["values"].as_array().unwrap();
        assert!(
            groups.len() == shown.len() && groups.len() > 20,
            "{} groups, {} shown",
            groups.len(),
            shown.len()
        );
        let wanted: BTreeMap<&str, Vec<String>> =
            groups.iter().map(|group| (group["group"].as_str().unwrap(), numbers(group))).collect();
        let longest = wanted
            .values()
            .flat_map(|numbers| numbers[..2].iter().map(|number| length(number)))
            .fold(0.0, f64::max);
        let mut last = f64::INFINITY;
        for (name, numbers, bars) in &shown {
            assert_eq!(Some(numbers), wanted.get(&**name), "{name}");
            for (bar, number) in bars.iter().zip(numbers) {
                assert!(
                    (bar - length(number) / longest * 100.0).abs() < 0.01,
                    "{name} {bar} {number}"
                );
            }
            let size = length(&numbers[0]).max(length(&numbers[1]));
            assert!(bars.len() == 2 && size <= last, "{name}");
            last = size;
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one page, looked at once")]
fn the_page_filters_and_its_charts_are_right() {
    let (html, departments, dispositions, [count, items], report) = sample();
    assert!(departments.len() > 10 && count > 50, "the sample has findings of many groups");
    let file = saved("report.html", &html);
    let Some(mut browser) = Browser::start("sample") else { return };
    browser.resize(1280);
    browser.open(&file);
    let shown = "[...document.querySelectorAll('.finding')].filter((finding) => \
        finding.offsetParent).length";
    assert_eq!(browser.evaluate(shown), count);
    assert_eq!(
        browser.evaluate("document.querySelector('.filters output').innerText"),
        format!("显示 {count} / {count}")
    );
    let pairs = "[...document.querySelectorAll('[data-chart=dispositions]')][0]";
    let rows = browser.evaluate(&format!(
        "[...{pairs}.querySelectorAll('tr.pair')].map((row) => [row.cells[0].innerText, \
            +row.cells[2].innerText, +row.cells[3].innerText, \
         ...[...row.querySelectorAll('rect:not(.track)')].map((bar) => \
         +bar.getAttribute('width'))])"
    ));
    let longest =
        dispositions.iter().map(|(_, declared, required)| *declared.max(required)).max().unwrap();
    for (row, (name, declared, required)) in rows.as_array().unwrap().iter().zip(&dispositions) {
        assert_eq!((&row[0], &row[1], &row[2]), (&json!(name), &json!(declared), &json!(required)));
        for (width, length) in [(&row[3], declared), (&row[4], required)] {
            let expected = f64::from(u32::try_from(*length).unwrap())
                / f64::from(u32::try_from(longest).unwrap())
                * 100.0;
            assert!((width.as_f64().unwrap() - expected).abs() < 0.01, "{row}");
        }
    }
    assert_eq!(rows.as_array().unwrap().len(), dispositions.len());
    changes_are_right(&mut browser, &report);
    let bars = "[...document.querySelectorAll('[data-chart=groups] tr')].filter((row) => \
        row.querySelector('a'))";
    let bars = browser.evaluate(&format!(
        "{bars}.map((row) => [row.querySelector('a').dataset.value, +row.cells[2].innerText])"
    ));
    for bar in bars.as_array().unwrap() {
        let kinds = departments[bar[0].as_str().unwrap()];
        assert_eq!(bar[1], json!(kinds.iter().sum::<usize>()), "{bar}");
    }
    for (group, kinds) in departments.iter().take(6) {
        let count: usize = kinds.iter().sum();
        browser.evaluate(&format!(
            "choose = document.querySelector('[name=group]'); choose.value = {}",
            json!(group)
        ));
        browser.evaluate("choose.dispatchEvent(new Event('input', { bubbles: true }))");
        assert_eq!(browser.evaluate(shown), count, "{group}");
        let others = browser.evaluate(&format!(
            "[...document.querySelectorAll('.finding')].filter((finding) => finding.offsetParent \
                && finding.dataset.group !== {}).length",
            json!(group)
        ));
        assert_eq!(others, 0);
    }
    browser.evaluate("document.querySelector('.filters button').click()");
    browser.evaluate("document.querySelector('[data-chart=articles] a').click()");
    let first =
        browser.evaluate("+document.querySelector('[data-chart=articles] tr').cells[2].innerText");
    assert_eq!(browser.evaluate(shown), first);
    browser.evaluate(
        "document.querySelector('.filters button').click(); search = \
            document.querySelector('[name=search]'); search.value = 'CG-11'",
    );
    browser.evaluate("search.dispatchEvent(new Event('input', { bubbles: true }))");
    let found = browser.evaluate(shown).as_u64().unwrap();
    assert!(found > 0 && found < 10, "{found}");
    let record = "location.hash = document.querySelector('.finding:not([hidden]) header a').hash; \
        document.querySelector(location.hash).matches('details')";
    assert_eq!(browser.evaluate(record), true);
    every_row_has_its_record(&mut browser, items);
    what_has_to_change_is_said(&mut browser, &report);
    a_group_alone_has_its_own_counts(&mut browser, &file, &departments);
    browser.resize(390);
    assert_eq!(
        browser.evaluate("document.documentElement.scrollWidth"),
        390,
        "nothing is wider than a phone"
    );
    assert_eq!(browser.complaints(), [""; 0]);
    let paper = browser
        .call("Page.printToPDF", &json!({ "preferCSSPageSize": true, "printBackground": true }));
    assert!(paper["data"].as_str().unwrap().len() > 50_000);
}

/// The table of changes has every disposition that is declared otherwise than demanded, before the
/// findings, and leads to them.
fn what_has_to_change_is_said(browser: &mut Browser, report: &Value) {
    let changing = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["outcome"] == "violated" && !finding["demanded"].is_null());
    let wanted: BTreeSet<String> = changing
        .map(|finding| format!("#f-{}", finding["fingerprint"].as_str().unwrap()))
        .collect();
    let links = browser.evaluate(
        "[...document.querySelector('#changes').parentElement.querySelectorAll('td a')].map((link) \
            => link.getAttribute('href'))",
    );
    let links: BTreeSet<String> = serde_json::from_value(links).unwrap();
    assert_eq!(links, wanted);
    assert_eq!(
        browser.evaluate("+document.querySelector('#changes small').textContent"),
        wanted.len()
    );
    let order = browser.evaluate(
        "['changes', 'findings', 'charts', 'outcomes', 'records'].map((id) => \
            document.getElementById(id).getBoundingClientRect().top)",
    );
    let order: Vec<f64> = serde_json::from_value(order).unwrap();
    assert!(order.is_sorted(), "findings stand before charts: {order:?}");
}

/// An address that names a group shows that group alone, with its name and its counts; choosing
/// writes the address, and clearing brings all back.
fn a_group_alone_has_its_own_counts(
    browser: &mut Browser,
    file: &Path,
    groups: &BTreeMap<String, [usize; 6]>,
) {
    let named = groups.iter().filter(|(name, _)| *name != "—");
    let (name, kinds) = named.max_by_key(|(_, kinds)| kinds[3]).unwrap();
    browser.evaluate(&format!(
        "choose = document.querySelector('[name=group]'); choose.value = {}; \
            choose.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        json!(name)
    ));
    let address = browser.evaluate("location.hash");
    let address = PathBuf::from(format!("{}{}", file.display(), address.as_str().unwrap()));
    browser.open(Path::new("/dev/null"));
    browser.open(&address);
    let shown = "[...document.querySelectorAll('.own, .own li, .whole')].filter((part) => \
        part.offsetParent).map((part) => part.className + '|' + part.innerText)";
    let shown: Vec<String> = serde_json::from_value(browser.evaluate(shown)).unwrap();
    assert!(shown[0].starts_with(&format!("own|{name}")), "{shown:?}");
    let words = ["违反", "冲突", "警告", "无法判断", "提请判断", "例外"];
    let counts = kinds.iter().zip(words).filter(|(count, _)| **count > 0);
    let counts: Vec<String> = counts.map(|(count, word)| format!("{count}\n{word}")).collect();
    let own: Vec<&str> = shown[1..].iter().map(|part| part.split_once('|').unwrap().1).collect();
    assert_eq!(own, counts, "{name}");
    browser.evaluate("document.querySelector('.filters button').click()");
    assert_eq!(browser.evaluate("document.querySelector('.own').hidden"), true);
    assert_eq!(browser.evaluate("location.hash"), "#findings");
}

/// Every row is among those with findings or among those without, and can be found.
fn every_row_has_its_record(browser: &mut Browser, items: usize) {
    let own = "[...document.querySelectorAll('.record:not(.rest) > summary')].filter((row) => \
        row.textContent.startsWith('事项 ')).length";
    let others = "[...document.querySelectorAll('.rest')].find((table) => \
        table.firstElementChild.textContent.startsWith('事项 '))";
    let named = format!("{others}.querySelectorAll('.rows li').length");
    let (own, others) =
        (browser.evaluate(own).as_u64().unwrap(), browser.evaluate(&named).as_u64().unwrap());
    assert_eq!(usize::try_from(own + others).unwrap(), items);
    browser.evaluate(
        "row = document.querySelector('[name=row]'); row.value = 'mz-0'; row.dispatchEvent(new \
            Event('input', { bubbles: true }))",
    );
    let found = browser.evaluate(
        "[...document.querySelectorAll('.record:not(.rest) > summary b, .rows li b')].filter((key) \
            => !key.closest('[hidden]')).map((key) => key.textContent)",
    );
    let mut found: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key.as_str().unwrap())
        .filter(|key| key.len() == 5)
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        ["MZ-01", "MZ-02", "MZ-03", "MZ-04", "MZ-05", "MZ-06", "MZ-07", "MZ-08", "MZ-09"]
    );
}

#[test]
fn changes_without_groups_share_a_chart_and_what_is_unknown_has_no_bar() {
    let findings = Listed(Vec::new());
    let report = full(&findings);
    let file = saved("changes.html", &written(&report, Format::Html, &options(80)));
    let Some(mut browser) = Browser::start("changes") else { return };
    browser.open(&file);
    let texts = |texts: [&str; 4]| texts.map(str::to_owned).to_vec();
    let alone = pairs(&mut browser, "document.querySelector('[data-chart=changes]')");
    assert_eq!(
        alone,
        [("大厅时限".to_owned(), texts(["20", "15", "-5", "-25.0%"]), vec![100.0, 75.0])]
    );
    let split = pairs(&mut browser, "document.querySelector('[data-chart=change]')");
    let (first, second) = (texts(["1183", "591", "-592", "-50.0%"]), texts(["44", "不详", "", ""]));
    assert_eq!(split[0], ("规划局".to_owned(), first, vec![100.0, 49.96]));
    assert_eq!(split[1], ("城市综合执法局".to_owned(), second, vec![3.72, 0.0]));
    assert_eq!(split[2], ("全部".to_owned(), texts(["1227", "不详", "", ""]), vec![]));
    let units = browser.evaluate(
        "[...document.querySelectorAll('.change small, [data-chart=change] \
            small')].map((unit) => unit.textContent)",
    );
    assert_eq!(units, json!(["个工作日", "个工作日"]));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn hostile_names_run_nothing_and_load_nothing() {
    let name = "</script><script>document.title='taken'</script><img src=http://127.0.0.1:9/x \
        onerror=\"document.title='taken'\">\u{202e}";
    let mut finding = violation();
    finding.subject.as_mut().unwrap().title = Some(name.into());
    finding.message = fanshi::say!("{name}", "{name}");
    let findings = Listed(vec![finding]);
    let mut summary = full_summary();
    summary.project = name.into();
    let report = told(summary, &findings);
    let html = written(&report, Format::Html, &options(80));
    assert!(
        !html.contains("<img")
            && !html.contains('\u{202e}')
            && html.matches("<script").count() == 1
    );
    let file = saved("hostile.html", &html);
    let Some(mut browser) = Browser::start("hostile") else { return };
    browser.open(&file);
    assert!(browser.evaluate("document.title").as_str().unwrap().starts_with("</script>"));
    assert_eq!(browser.evaluate("document.images.length"), 0);
    assert_eq!(
        browser.evaluate("document.querySelector('.filters').hidden"),
        false,
        "the page's own script runs"
    );
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn the_page_has_every_finding_once() {
    let findings = Listed(everything());
    let html = written(&full(&findings), Format::Html, &options(80));
    assert_eq!(html.matches("class=\"finding ").count(), findings.0.len());
    for index in 0..findings.0.len() {
        assert_eq!(html.matches(&format!("第{index}个，")).count(), 1);
    }
}

/// Of very many findings each is there, the first of an article drawn, the others a line each.
#[test]
fn very_many_findings_are_lines() {
    let many: Vec<_> = (0..10_000)
        .map(|at| {
            let mut finding = violation();
            finding.message.zh = format!("第{at}个，");
            finding.fingerprint = format!("many:{at}");
            finding
        })
        .collect();
    let html = written(&full(&Listed(many)), Format::Html, &options(80));
    assert_eq!(html.matches("<article class=\"finding ").count(), 10_000);
    assert_eq!(html.matches("<article class=\"finding line ").count(), 9_950);
    assert!((0..10_000).step_by(199).all(|at| html.contains(&format!("第{at}个，"))));
    assert!(html.contains("其余 9950 处各写一行"));
    assert!(html.len() < 15 << 20, "{} bytes", html.len());
    let file = saved("many.html", &html);
    let Some(mut browser) = Browser::start("many") else { return };
    browser.open(&file);
    browser.evaluate(
        "search = document.querySelector('[name=search]'); search.value = '第777'; \
            search.dispatchEvent(new Event('input', { bubbles: true }))",
    );
    let said = browser.evaluate("document.querySelector('.filters output').textContent");
    assert_eq!(said, "显示 11 / 10000");
}

/// The cells of a workbook's row: its first, those that are marked and their neighbours.
#[test]
fn a_row_of_a_workbook_is_a_table_below_its_headings() {
    let headings = "编码 │ 名称 │ 单位 │ 类别 │ 时限 │ 材料 │ 收费 │ 大厅 │ 意见";
    let row = "XK-01 │ 许可 │ 民政 │ 许可 │ 20 │ 3 │ 否 │ 是 │ 保留";
    let mut finding = violation();
    finding.evidence[0].place = cell("事项", "I4", &format!("{headings}\n{row}"), "保留", 3);
    finding.evidence.truncate(1);
    let html = written(&full(&Listed(vec![finding])), Format::Html, &options(80));
    let table =
        html.split("<table class=\"cells\">").nth(1).unwrap().split("</table>").next().unwrap();
    let cells = |table: &str| -> Vec<String> {
        let pieces = table
            .split("<th")
            .skip(1)
            .map(|cell| cell.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned());
        pieces.filter(|cell| !cell.is_empty()).collect()
    };
    assert_eq!(
        cells(table.split("<tbody>").next().unwrap())[..],
        ["编码", "名称", "单位", "类别", "…", "大厅", "意见"]
    );
    assert!(
        table.contains("<td>4</td>")
            && table.contains("<td class=\"\"><mark>保留</mark></td>")
            && !table.contains("收费"),
        "{table}"
    );
}
