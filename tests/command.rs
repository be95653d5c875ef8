//! What the command line says of a run and of itself, and what it begins.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of its own, with files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("command").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// Runs `fanshi` in a folder, in the locale of nobody.
fn fanshi(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Articles that were judged are counted, alike everywhere; what is required where none speaks is
/// no article, and an article with an error or out of effect was not judged.
#[test]
fn articles_that_were_judged_are_counted() {
    let policy = "枚举 去留 { 留 退 }\n表 书 { 编号 : 文本 主键  页 : 整数  去留 : 去留 }\n裁定 \
        书.去留\n  否则 留\n\
        第一条 厚\n  凡 页 > 9 的 书，一律 退。\n第二条 薄\n  凡 书，页 不得 少于 1。\n第三条 \
        错\n  凡 书，页数 不得 少于 1。\n\
        第四条 半错\n  凡 书，页 不得 少于 1。\n  凡 书，页数 不得 少于 1。\n第五条 旧\n  施行 \
        2010-01-01 至 2011-01-01\n  凡 书，页 不得 少于 1。\n";
    let manifest =
        "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\n\"书\" = \"书.csv\"\n";
    let project = folder(
        "counted",
        &[
            ("fanshi.toml", manifest),
            ("馆.fan", policy),
            ("书.csv", "编号,页,去留\n甲,12,退\n乙,0,留\n"),
        ],
    );
    let run = |format: &str| text(&fanshi(&["check", "--format", format], &project).stdout);

    let report = run("text");
    assert!(
        report.trim_end().ends_with("判断 2 行，2 条；违反 2。有 2 处错误，判断不完整。"),
        "{report}"
    );
    assert!(
        report.contains("有错误，没有判断或没有判断完：馆 第三条 错、馆 第四条 半错\n"),
        "{report}"
    );
    assert!(report.contains("未在施行期内，未判断：馆 第五条 旧\n"), "{report}");
    assert!(run("html").contains("<li><b>2</b><span>条规定</span></li>"));
    let json: Value = serde_json::from_str(&run("json")).unwrap();
    let standings: Vec<&str> = json["summary"]["articles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["standing"].as_str().unwrap())
        .collect();
    assert_eq!(standings, ["judged", "judged", "faulty", "faulty", "not_in_effect", "otherwise"]);
    let junit = run("junit");
    assert_eq!(
        junit.matches("<skipped").count(),
        2,
        "neither the third nor the fifth article passed:\n{junit}"
    );
}

/// A day may be written in digits of either width; one that does not exist is said to be none.
#[test]
fn a_day_is_read_or_said_not_to_exist() {
    let said = |as_of: &str| {
        let manifest = format!(
            "[project]\nname = \"馆\"\nas_of = {as_of}\npolicies = \"*.fan\"\n[data]\n\"书\" \
                = \"书.csv\"\n"
        );
        let project = folder(
            "day",
            &[
                ("fanshi.toml", &manifest),
                ("馆.fan", "表 书 { 编号 : 文本 主键 }\n第一条 一 凡 书，必须 有 编号。\n"),
                ("书.csv", "编号\n甲\n"),
            ],
        );
        text(&fanshi(&["check"], &project).stdout)
    };
    for day in ["2015-11-20", "\"２０１５年１１月２０日\"", "\"２０１５－１１－２０\""]
    {
        assert!(
            said(day).contains("馆，截至 2015-11-20：") && !said(day).contains("错误"),
            "{day}: {}",
            said(day)
        );
    }
    assert!(
        said("\"2015年11月31日\"")
            .contains("`as_of` 写的日子不存在：`2015年11月31日` [wrong_manifest_value]")
    );
    assert!(said("2015-11-31").contains("没有这一天"));
    assert!(said("\"下周\"").contains("`as_of` 应是日期"));
    let refused = fanshi(&["check", "--as-of", "2015-11-31"], Path::new("."));
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("没有这一天"));
}

/// All commands, by their names in the help.
const COMMANDS: [&str; 12] = [
    "check",
    "init",
    "form",
    "fmt",
    "explain",
    "review",
    "diff",
    "prove",
    "cases",
    "test",
    "completions",
    "man",
];

/// Chinese unless the locale is English or English is asked for, and then nothing in the other
/// language.
#[test]
fn help_is_in_one_language() {
    let here = Path::new(".");
    let chinese =
        |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    let listed = text(&fanshi(&["--help"], here).stdout);
    for command in COMMANDS {
        assert!(listed.contains(&format!("  {command} ")), "{command}: {listed}");
        let zh = text(&fanshi(&[command, "--help"], here).stdout);
        assert!(
            chinese(&zh) && !zh.contains("Usage") && !zh.contains("Options") && !zh.contains(" — "),
            "{zh}"
        );
        // Every line of an argument says something in Chinese.
        let silent = zh
            .lines()
            .filter(|line| line.trim_start().starts_with(['-', '<', '[']))
            .find(|line| !chinese(line));
        assert_eq!(silent, None, "{zh}");
        let mut english = Command::new(env!("CARGO_BIN_EXE_fanshi"));
        let output =
            english.env("LC_ALL", "en_GB.UTF-8").args([command, "--help"]).output().unwrap();
        let en = text(&output.stdout);
        assert!(output.status.success() && !chinese(&en) && !en.contains(" — "), "{en}");
    }
}

#[test]
fn what_cannot_be_understood_is_said_with_its_remedy() {
    let cases: &[(&[&str], &str)] = &[
        (
            &["chekc"],
            "错误：没有 `chekc` 这个命令\n  建议：是不是 `check`？\n用法：fanshi <命令>\n",
        ),
        (&["瞎写"], "错误：没有 `瞎写` 这个命令\n  建议：可用的命令：check、init、"),
        (
            &["check", "--frmat", "x"],
            "错误：没有 `--frmat` 这个选项\n  建议：是不是 `--format`？\n",
        ),
        (
            &["check", "--format", "jsn"],
            "错误：`--format <格式>` 不能是 `jsn`\n  建议：是不是 `json`？\n",
        ),
        (
            &["check", "--format", "瞎写"],
            "错误：`--format <格式>` 不能是 `瞎写`\n  建议：可写 text、json、",
        ),
        (
            &["check", "--as-of", "11月"],
            "错误：`--as-of <日期>` 不能是 `11月`\n  建议：写作 2015-11-20\n",
        ),
        (
            &["check", "--max-findings", "多"],
            "错误：`--max-findings <个数>` 不能是 `多`\n  建议：写一个数，如 20；全部写 all\n",
        ),
        (&["check", "--article"], "错误：`--article <名称>` 没有写值\n"),
        (&["review", "甲", "乙"], "错误：多写了 `乙`\n用法：fanshi review [选项] [项目]\n"),
        (&["explain"], "错误：没有写 `<主键>`\n"),
        (
            &["check", "--lang", "en", "--by", "a", "--by", "b"],
            "error: `--by <NAME>` can be written only once\n",
        ),
        (
            &["check", "--lang=en", "--format", "xxx"],
            "error: `--format <FORMAT>` cannot be `xxx`\n  help: ",
        ),
        (&["check", "--lang", "en", "--as-of", "soon"], "  help: write a day like 2015-11-20\n"),
        (
            &["check", "--lang", "en", "--by", "a", "--format", "tsv"],
            "tsv, concise, github, sarif and junit have no groups: `--by` is not for them\n",
        ),
    ];
    for (arguments, said) in cases {
        let output = fanshi(arguments, Path::new("."));
        assert_eq!(
            (output.status.code(), text(&output.stdout)),
            (Some(2), String::new()),
            "{arguments:?}"
        );
        assert!(text(&output.stderr).contains(said), "{arguments:?}: {}", text(&output.stderr));
    }
}

/// A project begun in either language passes everything there is to pass, what is commented out in
/// its manifest included, and is not written over.
#[test]
fn a_project_that_is_begun_is_in_order() {
    for (language, policy, waived) in
        [("zh", "合同.fan", "准予的例外"), ("en", "contracts.fan", "Waivers")]
    {
        let home = folder(&format!("init-{language}"), &[]);
        let run = |arguments: &[&str]| {
            let output = fanshi(arguments, &home);
            (output.status.code(), text(&output.stdout), text(&output.stderr))
        };
        let (code, told, _) = run(&["init", "新的", "--lang", language]);
        assert_eq!(code, Some(0));
        let project = home.join("新的");
        let names: Vec<String> = {
            let mut names: Vec<_> = std::fs::read_dir(&project)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names.len(), 4);
        assert!(names.iter().all(|name| told.contains(name)), "{told}");
        let quiet = |(code, out, err): (Option<i32>, String, String)| {
            assert!(code == Some(0) && err.is_empty(), "{out}{err}")
        };
        quiet(run(&["check", "新的"]));
        quiet(run(&["prove", "新的"]));
        quiet(run(&["test", "新的"]));
        quiet(run(&["fmt", "--check", &format!("新的/{policy}")]));
        let other = if language == "zh" { "en" } else { "zh" };
        let policy = std::fs::read(project.join(policy)).unwrap();
        std::fs::write(project.join("own.txt"), "mine").unwrap();
        let (code, _, refused) = run(&["init", "新的", "--lang", language]);
        assert_eq!(code, Some(2));
        assert!(names.iter().all(|name| refused.contains(name)), "{refused}");
        // The manifest is there: nothing of the other language is written beside it.
        assert_eq!(run(&["init", "新的", "--lang", other]).0, Some(2));
        assert_eq!(std::fs::read_dir(&project).unwrap().count(), 5);
        assert_eq!(
            std::fs::read(project.join(names.iter().find(|name| name.ends_with(".fan")).unwrap()))
                .unwrap(),
            policy
        );

        let manifest = project.join("fanshi.toml");
        let uncommented: Vec<String> =
            std::fs::read_to_string(&manifest).unwrap().lines().map(uncommented).collect();
        std::fs::write(&manifest, uncommented.join("\n")).unwrap();
        let (code, report, _) = run(&["check", "新的", "--lang", language]);
        assert_eq!(code, Some(0), "{report}");
        assert!(report.contains(waived), "{report}");
    }
}

/// What is a comment only until somebody needs it.
fn uncommented(line: &str) -> String {
    let meant = line.strip_prefix("# ").filter(|rest| {
        rest.starts_with('[')
            || rest.contains(" = ") && !rest.contains('。') && !rest.contains(": ")
    });
    meant.unwrap_or(line).to_owned()
}

/// Both sides of a comparison may have the same files: each mistake says which it is.
#[test]
fn a_mistake_of_a_comparison_has_its_side() {
    let side = |name: &str, pages: &str| {
        folder(
            name,
            &[
                (
                    "p.fan",
                    "政策 馆\n表 书 { 号 : 文本 主键 页 : 整数 }\n第一条 一 凡 书，页 不得 超过 9。\n",
                ),
                (
                    "fanshi.toml",
                    "[project]\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n\"书\" = \"d.csv\"\n",
                ),
                ("d.csv", pages),
            ],
        )
    };
    let (right, wrong) = (side("side-right", "号,页\n甲,5\n"), side("side-wrong", "号,页\n甲,x\n"));
    let said = |old: &Path, new: &Path| {
        text(
            &fanshi(&["diff", &old.to_string_lossy(), &new.to_string_lossy()], Path::new("."))
                .stderr,
        )
    };
    assert!(said(&right, &wrong).contains("错误：后：`页`"), "{}", said(&right, &wrong));
    assert!(said(&wrong, &right).contains("错误：前：`页`"));
    assert!(said(&right, Path::new("nosuch")).contains("错误：后：没有文件"));
    assert!(said(Path::new("nosuch"), &right).contains("错误：前：没有文件"));
}

/// What is mistaken on the command line is told with what to write instead.
#[test]
fn mistaken_arguments_are_told_with_what_to_write() {
    let manifest =
        "[project]\nas_of = 2015-11-20\npolicies = \"p.fan\"\n[data]\nbook = \"b.csv\"\n";
    let policy = "table book { code : text key }\narticle 1 coded whenever book, must have \
        code.\narticle 2 not_x whenever book, code must not be \"x\".\n";
    let files = [("fanshi.toml", manifest), ("p.fan", policy), ("b.csv", "code\na\n")];
    let project = folder("mistaken", &files);
    let said = |arguments: &[&str]| {
        let out = fanshi(&[arguments, &["--lang", "en"]].concat(), &project);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}");
        text(&out.stdout) + &text(&out.stderr)
    };
    for day in ["20-11-2015", "20/11/2015"] {
        assert!(said(&["check", "--as-of", day]).contains("write a day like 2015-11-20"), "{day}");
    }
    assert!(said(&["check", "--as-of", "2015-11-31"]).contains("there is no such day"));
    for path in [".", "./fanshi.toml"] {
        let told = format!("`fanshi explain a -p {path}`");
        assert!(said(&["explain", "a", path]).contains(&told), "{path}");
    }
    assert!(said(&["check", "--article", "not"]).contains("did you mean `p.not_x`?"));
    let listed = "write `policy.article`, one of `p.coded`, `p.not_x`";
    assert!(said(&["check", "--article", "limits"]).contains(listed));
    assert!(said(&["init"]).contains("`fanshi.toml` is there already"));
    let all = folder("mistaken-twice", &[]);
    fanshi(&["init", "--lang", "en"], &all);
    assert!(text(&fanshi(&["init", "--lang", "en"], &all).stderr).contains(" are there already"));
}

/// Options stand before the command or behind it, and help is in the language that is asked for.
#[test]
fn options_stand_on_either_side_of_the_command() {
    let folder = folder(
        "sides",
        &[
            (
                "fanshi.toml",
                "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\n\"书\" = \"书.csv\"\n",
            ),
            (
                "馆.fan",
                "表 书 { 编号 : 文本 主键  页 : 整数 }\n第一条 厚\n  凡 书，页 不得 少于 1。\n",
            ),
            ("书.csv", "编号,页\n甲,0\n"),
        ],
    );
    let run = |arguments: &[&str]| fanshi(arguments, &folder);
    for (before, after) in [
        (&["--lang", "en", "check"][..], &["check", "--lang", "en"][..]),
        (&["--lang=en", "check", "."], &["check", ".", "--lang=en"]),
        (
            &["--format", "json", "--as-of", "2016-01-01", "check"],
            &["check", "--format", "json", "--as-of", "2016-01-01"],
        ),
        (&["-p", ".", "explain", "甲"], &["explain", "甲", "-p", "."]),
        (&["--lang", "en", "prove", "."], &["prove", ".", "--lang", "en"]),
    ] {
        let (one, other) = (run(before), run(after));
        assert!(!one.stdout.is_empty(), "{before:?}: {}", text(&one.stderr));
        assert_eq!(
            (one.stdout, one.status.code()),
            (other.stdout, other.status.code()),
            "{before:?}"
        );
    }
    let english = text(&run(&["check", "--help", "--lang", "en"]).stdout);
    assert!(english.starts_with("compile the policies"), "{english}");
    for asked in [
        &["help", "check", "--lang", "en"][..],
        &["--lang", "en", "help", "check"],
        &["help", "--lang=en", "check"],
        &["--lang", "en", "check", "--help"],
    ] {
        assert_eq!(text(&run(asked).stdout), english, "{asked:?}");
    }
    let of_all =
        text(&run(&["--lang", "en"]).stderr) + &text(&run(&["--lang", "en", "--help"]).stdout);
    assert!(of_all.contains("compile the policies"), "{of_all}");
    // What is no option is told as before.
    let wrong = text(&run(&["--nothing", "check", "--lang", "en"]).stderr);
    assert!(wrong.contains("there is no option `--nothing`"), "{wrong}");
}

/// The ending of a file says what is written, alike for all reports; one that nobody knows, or that
/// says another thing than `--format`, is told with what there is, and nothing is written.
#[test]
fn the_ending_of_a_file_is_its_format() {
    let folder = folder(
        "endings",
        &[
            (
                "fanshi.toml",
                "[project]\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\n\"书\" = \"书.csv\"\n",
            ),
            (
                "馆.fan",
                "表 书 { 编号 : 文本 主键  页 : 整数 }\n第一条 厚\n  凡 书，页 不得 少于 1。\n",
            ),
            ("书.csv", "编号,页\n甲,0\n"),
        ],
    );
    let begins = |ending: &str| match ending {
        "html" | "htm" => "<!DOCTYPE html>",
        "xlsx" | "docx" => "PK",
        "json" | "sarif" => "{",
        "md" => "# ",
        _ => "",
    };
    for (command, endings) in [
        (
            &["check"][..],
            &["txt", "json", "tsv", "md", "sarif", "html", "htm", "xlsx", "docx", "XLSX"][..],
        ),
        (&["review"], &["txt", "json", "md", "html", "xlsx", "docx"]),
        (&["diff", ".", "."], &["txt", "json", "html", "xlsx"]),
    ] {
        for ending in endings {
            let file = format!("报告.{ending}");
            let out = fanshi(&[command, &["-o", &file, "--lang", "zh"]].concat(), &folder);
            let (said, wrong) = (text(&out.stdout), text(&out.stderr));
            assert!(said.is_empty(), "{command:?} {ending}: {said}");
            let came_to =
                if command[0] == "diff" { "两次没有不同。" } else { "违反 1。" };
            assert!(wrong.ends_with(&format!("{came_to} → {file}\n")), "{wrong}");
            let bytes = std::fs::read(folder.join(&file)).unwrap();
            assert!(
                bytes.starts_with(begins(&ending.to_lowercase()).as_bytes()),
                "{command:?} {ending}"
            );
            std::fs::remove_file(folder.join(&file)).unwrap();
        }
        for ending in ["pdf", "csv", "xml", "ods", "doc"] {
            let file = format!("报告.{ending}");
            let out = fanshi(&[command, &["-o", &file, "--lang", "zh"]].concat(), &folder);
            let wrong = text(&out.stderr);
            assert!(
                out.status.code() == Some(2) && wrong.contains(".html、.htm、.xlsx"),
                "{wrong}"
            );
            assert!(
                command[0] != "check" || ending != "xml" || wrong.contains("`--format junit`"),
                "{wrong}"
            );
            assert!(!folder.join(&file).exists());
        }
        let out = fanshi(
            &[command, &["--format", "html", "-o", "报告.xlsx", "--lang", "zh"]].concat(),
            &folder,
        );
        assert!(out.status.code() == Some(2) && text(&out.stderr).contains("改其中一个"));
        let out = fanshi(&[command, &["-o", "-", "--lang", "zh"]].concat(), &folder);
        assert!(!out.stdout.is_empty() && !folder.join("-").exists());
    }
}
