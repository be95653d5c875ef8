//! Why something is not read although it is there.

use std::fmt::{Display, Formatter};
use std::io::Error;

/// What Windows says where another program has a file open: all of it, or a part.
const SHARING_VIOLATION: i32 = 32;
const LOCK_VIOLATION: i32 = 33;

/// Why a file is not read although it is there.
///
/// # Examples
///
/// ```
/// use fanshi::{Files, Memory, Refusal};
///
/// let files = Memory::new().with("a.csv", "号,数\n");
/// let refused = files.read("a.csv".as_ref(), 4).unwrap_err();
/// assert_eq!(Refusal::of(&refused), Some(Refusal::TooLarge { most: 4 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A device, a pipe or a socket: it may never end.
    NotRegular,
    /// More bytes than are read.
    TooLarge {
        /// How many are, at most.
        most: u64,
    },
    /// A link that leads nowhere.
    Dangling,
    /// Its size or time changed between two parts.
    Changed,
    /// Another program has it open and lets nobody else at it, as Windows allows.
    Held,
    /// It is outside the folders that may be looked into.
    Outside,
}

impl Refusal {
    /// The refusal in an error of input.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        match error.raw_os_error() {
            Some(SHARING_VIOLATION | LOCK_VIOLATION) if cfg!(windows) => Some(Self::Held),
            _ => error.get_ref()?.downcast_ref().copied(),
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotRegular => f.write_str("it is a device or a pipe, not a file"),
            Self::TooLarge { most } => {
                write!(f, "it is larger than {}", super::limits::size(*most))
            }
            Self::Dangling => f.write_str("it is a link that leads nowhere"),
            Self::Outside => f.write_str("it is outside the project's folders"),
            Self::Held => f.write_str("another program has it open"),
            Self::Changed => f.write_str("the file changed while it was being read"),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::other(refusal)
    }
}
