cargo test --test differential ${2:-engine_and_reference_agree} > /tmp/reference-run.txt 2>&1
grep -A12 "^error" /tmp/reference-run.txt | head -60
grep -A1 "^test result\|panicked" /tmp/reference-run.txt
if grep -A1 "^mistakes" /tmp/reference-run.txt | tail -1 | grep -q "[a-z]"; then grep -A4 "^mistakes" /tmp/reference-run.txt; else
sed -n '/^seed/,/stack back/p' /tmp/reference-run.txt | sed -n '/^表 甲/,$p' | grep -v "^历法\|  日期 某日\|  周休\|  休 放\|  班 非\|^表 历\|  某日\|  放假 : " | head -120; fi; date -u
