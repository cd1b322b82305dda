//! What is recorded about people and homes does not slip into a log by `toString`, `description`, `str` or `{:?}`: such a
//! record prints its name and nothing else, in every language.

/// Prints the name of a type instead of what is in it.
macro_rules! quiet {
    ($($name:ident),+ $(,)?) => {$(
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(not shown)"))
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }
    )+};
}

pub(crate) use quiet;
