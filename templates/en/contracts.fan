# A policy: first what the data look like, then what whenever a row is so, must be so.
# When you have changed it: `fanshi fmt` sets it out, `fanshi check` holds the data against it, `fanshi test` tries the cases.

# A row is a contract. What is `optional` may be left empty, and is read only after `has reviewed`.
table contract {
  number : text key
  title : text
  amount : money
  signed : date
  reviewed : date optional
  urgent : boolean
}

parameter review_from : money = 50000 yuan

article 1 review_first
  whenever contract where amount at least review_from,
    must have reviewed and reviewed not after signed.
  unless urgent
  because "a contract over {amount} is reviewed before it is signed"

article 2 review_early
  whenever contract where has reviewed, signed - reviewed should be at least 2 days.
