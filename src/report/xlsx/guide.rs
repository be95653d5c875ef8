//! Rank 5: the sheet that tells a group, in plain words, what to do with the workbook of a round.

use super::Book;
use super::about::without_note;
use super::plan::{self, Plan};
use super::prose::{Layout, Page};
use super::round::Answer;
use crate::report::words::Words;
use rust_xlsxwriter::{Worksheet, XlsxError};

const LAYOUT: Layout = Layout { widths: &[30.0, 10.0, 14.0, 50.0], whole: 104.0, below: 3.0 };

/// Writes the sheet.
pub(super) fn write(
    book: &Book<'_, '_>,
    plan: &Plan,
    out: &mut Worksheet,
) -> Result<(), XlsxError> {
    let words = book.words;
    out.set_name(plan::about_name(words))?;
    let mut page = Page::begin(out, LAYOUT, book)?;
    let findings = words.choose("问题", "Findings");
    let (count, day) = (book.findings.len(), &book.report.as_of);
    page.text(&words.choose(
        format!("截至 {day}，“{findings}”表列出 {count} 处，一处一行，重的在前。请这样办："),
        format!("As of {day} the sheet `{findings}` lists {count}, one a line, gravest first."),
    ))?;
    page.blank();
    for step in steps(words) {
        page.text(&step)?;
    }
    page.blank();
    sheets(&mut page, words, plan)?;
    page.out.protect();
    Ok(())
}

/// What to do, step by step.
fn steps(words: &Words) -> Vec<String> {
    let [mended, stands, discuss] = Answer::ALL.map(|answer| answer.word(words));
    words.choose(
        vec![
            "一、改：到后面的各表中，改标了颜色的格；格上的批注写着错在哪里。“问题”表的“位置”一列\
                点一下就到。没有颜色的格也可以改。"
                .to_owned(),
            format!(
                "二、答：在“问题”表的“答复”一列，每行选一项：“{mended}”是已经在表里改好；“{stands}”\
                    是填报没有错，在“理由”一列写明为什么、依据是什么；“{discuss}”是拿不准，写明\
                    商量什么。没有改动的，选了“{mended}”也会查出来。"
            ),
            "三、增：要增加一行，写在表的最下面。属于某一行的清单另有一张表，\
                第一列写它属于哪一行。"
                .to_owned(),
            "四、撤：要撤回一行，把这一行中能改的格全部清空（或者整行删去），它的清单不用管，会跟着\
                一起撤回。"
                .to_owned(),
            "五、不能改的：标题、主键和说明属于哪一组的格锁住了，“只供查看”的表全部锁住；这些地方\
                有错的，写在“理由”里。锁没有密码，但改了也不算数，交回后会列出来。"
                .to_owned(),
            "六、交：存盘后整本交回。文件名可以改，存成 xlsx、xls、ods 都可以；表名和标题不要改，行的\
                次序可以变。"
                .to_owned(),
        ],
        vec![
            "1. Correct: change the coloured cells in the sheets that follow; their notes say what \
                is wrong, and the column `place` leads there. Other cells may be changed, too."
                .to_owned(),
            format!(
                "2. Answer: choose an answer on each line of `Findings`: `{mended}` where it is \
                    mended in the sheets, `{stands}` where the value is right (say why in the \
                    last column), `{discuss}` where you are not sure (say what). Whether \
                    something was changed is looked at."
            ),
            "3. Add: a new row goes below the last. Lists have sheets of their own; their first \
                column says which row an entry belongs to."
                .to_owned(),
            "4. Withdraw: empty all cells of the row that may be changed, or delete the row; its \
                lists go with it."
                .to_owned(),
            "5. Headings, keys and the cells that say whose a row is are locked, and so are the \
                sheets for reading only; what is wrong there goes into the reason. There is no \
                password, but changes there are not taken, and are listed."
                .to_owned(),
            "6. Hand the whole workbook back. Its name may change, and it may be saved as xlsx, \
                xls or ods; names of sheets and headings stay, rows may move."
                .to_owned(),
        ],
    )
}

/// The sheets of rows, each with a link, and whether it may be changed.
fn sheets(page: &mut Page<'_>, words: &Words, plan: &Plan) -> Result<(), XlsxError> {
    if plan.sheets.is_empty() {
        return Ok(());
    }
    let columns = words.choose(
        ["表", "行", "标色的格", "能不能改"],
        ["sheet", "rows", "coloured cells", "may it be changed"],
    );
    page.headings(&columns)?;
    for sheet in &plan.sheets {
        let may = match (sheet.returns, sheet.cut) {
            (false, _) => words.choose("只供查看", "for reading only").to_owned(),
            (true, 0) => words.choose("可以改", "yes").to_owned(),
            (true, cut) => words.choose(
                format!("可以改；有 {cut} 格太长，只显示了前面，不要改"),
                format!("yes, but {cut} cells are too long and cut: leave these"),
            ),
        };
        let bare = without_note(words, sheet.bare);
        let said: Vec<String> = std::iter::once(may).chain(bare).collect();
        page.sheet(sheet, &said.join("\n"))?;
    }
    Ok(())
}
