//! What a visitor does, through the real router: photographs, the form of a visit, what others found, people and consent.

mod field {
    pub(crate) mod forms;
    pub(crate) mod mistakes;
    pub(crate) mod people;
    pub(crate) mod photographs;
    pub(crate) mod rooms;
    #[allow(dead_code)]
    pub(crate) mod served;
    pub(crate) mod visits;
}
