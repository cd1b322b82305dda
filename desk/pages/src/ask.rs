//! From a request to an answer: who asks is checked first, then a page runs on a thread that may block, then the answer gets
//! its headers.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::{RecordId, WriteError};
use doorstep_client_core::records::{EditError, RowId};
use doorstep_protocol::Millis;
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use maud::Markup;

use crate::door::{self, Refusal, SessionId};
use crate::fields::{FORM_BYTES_MAX, Fields};
use crate::house::House;
use crate::network::{Done, Errand, ErrandError};
use crate::refusals;
use crate::upload::{self, Unread};
use crate::view;
use crate::words::{Language, Message, Speech};

/// The field that carries the token of a form.
pub const TOKEN_FIELD: &str = "token";
/// The cookie that holds the language.
pub const LANGUAGE_COOKIE: &str = "doorstep-language";
/// The cookie that holds day or night.
pub const LIGHT_COOKIE: &str = "doorstep-light";

/// By which light a page is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Light {
    /// As the machine has it.
    #[default]
    Auto,
    /// By day, in sunlight.
    Day,
    /// By night.
    Night,
}

impl Light {
    /// As the page and the cookie have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Day => "day",
            Self::Night => "night",
        }
    }

    /// The light of a word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "day" => Self::Day,
            "night" => Self::Night,
            _ => Self::Auto,
        }
    }
}

/// How a page looks to who reads it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// In which words.
    pub speech: Speech,
    /// By which light.
    pub light: Light,
}

impl Looks {
    /// As the request's cookies have it, else as the browser asks.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let asked = || headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(Language::asked_for);
        let language = door::cookie(headers, LANGUAGE_COOKIE).and_then(Language::of).or_else(asked);
        let light = door::cookie(headers, LIGHT_COOKIE).map(Light::of).unwrap_or_default();
        Self { speech: Speech::of(language.unwrap_or_default()), light }
    }
}

/// A request that was let in.
pub struct Ask {
    /// The device.
    pub house: Arc<House>,
    /// How the page looks.
    pub looks: Looks,
    /// Whose session.
    pub session: SessionId,
    /// What its forms carry.
    pub token: String,
    /// The path.
    pub path: String,
    /// The form.
    pub fields: Fields,
    /// Said once, on top of this page.
    pub notice: Option<Message>,
    params: Vec<(String, String)>,
}

/// What a page answers.
pub enum Answer {
    /// A page.
    Page(Markup),
    /// A page with something wrong in its form: the status says so too.
    Unsound(Markup),
    /// A picture: a JPEG file of this device's own making.
    Picture(Vec<u8>),
    /// Go on there, by `GET`.
    Go(String),
    /// Go on there, and say this on top.
    GoAndSay(String, Message),
    /// Go on there with a cookie.
    GoWith(String, String),
    /// A file to be kept: what leaves this device by a person's wish.
    File(Download),
}

/// A file that a browser keeps and does not show.
pub struct Download {
    /// Its name: letters, digits, hyphens and a full stop.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// What is in it.
    pub text: String,
}

/// Why there is no page.
#[derive(Debug)]
pub enum Fault {
    /// There is no such page or thing.
    NotFound,
    /// The form is not of this session, or is too old.
    Stale,
    /// The device says no.
    Client(ClientError),
    /// The errand to the server came to nothing.
    Errand(ErrandError),
    /// Something that should not happen.
    Bug,
}

impl From<ClientError> for Fault {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::NotFound { .. } => Self::NotFound,
            other => Self::Client(other),
        }
    }
}

impl From<ErrandError> for Fault {
    fn from(error: ErrandError) -> Self {
        Self::Errand(error)
    }
}

/// A page.
pub type Page = fn(&mut Ask) -> Result<Answer, Fault>;

impl Ask {
    /// In which words.
    #[must_use]
    pub const fn speech(&self) -> Speech {
        self.looks.speech
    }

    /// Now, by the device's clock.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.house.client.now()
    }

    /// A part of the path.
    ///
    /// # Errors
    /// [`Fault::NotFound`] when it is not of its form.
    pub fn part<T: std::str::FromStr>(&self, name: &str) -> Result<T, Fault> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.parse().ok()).ok_or(Fault::NotFound)
    }

    /// The record that the path names.
    ///
    /// # Errors
    /// [`Fault::NotFound`].
    pub fn record(&self) -> Result<RecordId, Fault> {
        self.part("record")
    }

    /// The row that the path names.
    ///
    /// # Errors
    /// [`Fault::NotFound`].
    pub fn row(&self) -> Result<RowId, Fault> {
        self.part("row")
    }

    /// Where a form wants to go back to: a page of this listener, or home.
    #[must_use]
    pub fn back(&self) -> String {
        let back = self.fields.typed("back");
        let is_path = back.starts_with('/') && !back.starts_with("//");
        let is_plain = back.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
        if is_path && is_plain { back.to_owned() } else { "/".to_owned() }
    }

    /// Does an errand at the server and waits for it.
    ///
    /// # Errors
    /// [`Fault::Errand`].
    pub fn errand(&self, errand: Errand) -> Result<Done, Fault> {
        let network = self.house.network.as_ref().ok_or(ErrandError::Gone)?;
        Ok(network.run(errand)?)
    }

    /// Whether something was written. What the record refuses stands at its field; then nothing was.
    ///
    /// # Errors
    /// [`Fault::Client`] where the device says no for another reason.
    pub fn settle<T>(&mut self, done: Result<T, ClientError>) -> Result<Option<T>, Fault> {
        match done {
            Ok(done) => {
                self.house.wake();
                Ok(Some(done))
            }
            Err(ClientError::Write(WriteError::Edit(EditError::Field(error)))) => {
                let field = error.field.to_string();
                self.fields.refuse(&field, refusals::of_field(&error));
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Remembers a search in the session.
    pub fn remember_search(&self, text: &str) {
        if let Some(session) = self.house.door().remembered(self.session) {
            session.search = Some(text.to_owned());
        }
    }

    /// Remembers what a list was asked for: it may hold a name, so it stands in the session and in no address.
    pub fn keep(&self, list: &'static str, asked: Fields) {
        if let Some(session) = self.house.door().remembered(self.session) {
            session.kept.insert(list, asked);
        }
    }

    /// What a list of this session was asked for last.
    #[must_use]
    pub fn kept(&self, list: &'static str) -> Fields {
        let kept = |session: &mut crate::door::Session| session.kept.get(list).cloned();
        self.house.door().remembered(self.session).and_then(kept).unwrap_or_default()
    }

    /// The last search of this session.
    #[must_use]
    pub fn last_search(&self) -> Option<String> {
        self.house.door().remembered(self.session).and_then(|session| session.search.clone())
    }
}

/// What a form may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carries {
    /// Words.
    Words,
    /// Words, and a file.
    File,
}

/// A page that is shown.
pub fn show(page: Page) -> MethodRouter<Arc<House>> {
    get(move |State(house): State<Arc<House>>, params: RawPathParams, request: Request| {
        answer(house, params, request, page, Carries::Words)
    })
}

/// A form that is taken.
pub fn take(page: Page) -> MethodRouter<Arc<House>> {
    post(move |State(house): State<Arc<House>>, params: RawPathParams, request: Request| {
        answer(house, params, request, page, Carries::Words)
    })
}

/// A form that is taken, and may carry a file.
pub fn take_with_file(page: Page) -> MethodRouter<Arc<House>> {
    post(move |State(house): State<Arc<House>>, params: RawPathParams, request: Request| {
        answer(house, params, request, page, Carries::File)
    })
}

async fn answer(house: Arc<House>, params: RawPathParams, request: Request, page: Page, carries: Carries) -> Response {
    let looks = Looks::of(request.headers());
    let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    match let_in(house, params, request, looks, carries).await {
        Ok(ask) => run(ask, page).await,
        Err(response) => *response,
    }
}

/// Checks who asks.
async fn let_in(
    house: Arc<House>,
    params: Vec<(String, String)>,
    request: Request,
    looks: Looks,
    carries: Carries,
) -> Result<Ask, Box<Response>> {
    let (parts, body) = request.into_parts();
    let now = house.client.now();
    let session = {
        let mut door = house.door();
        door.check_origin(&parts.method, &parts.headers).and_then(|()| door.session(&parts.headers, now))
    };
    let session = session.map_err(|refusal| Box::new(refused(looks, refusal)))?;
    if house.is_ended() {
        return Err(Box::new(html(StatusCode::GONE, view::plain::ended(looks))));
    }
    let fields = match parts.method {
        Method::POST => read_form(&house, session, &parts.headers, body, carries)
            .await
            .map_err(|unread| Box::new(not_read(looks, unread)))?,
        _ => Fields::default(),
    };
    let (token, notice) = {
        let mut door = house.door();
        if parts.method == Method::POST && !door.is_token(session, fields.typed(TOKEN_FIELD)) {
            return Err(Box::new(html(StatusCode::FORBIDDEN, view::plain::stale(looks))));
        }
        let remembered = door.remembered(session);
        // A page that is fetched by the script does not use up what the next page is to say.
        let is_page = parts.method == Method::GET && !parts.headers.contains_key("x-doorstep-part");
        remembered.map_or_else(Default::default, |session| {
            (session.token.clone(), is_page.then(|| session.notice.take()).flatten())
        })
    };
    Ok(Ask { house, looks, session, token, path: parts.uri.path().to_owned(), fields, notice, params })
}

async fn read_form(
    house: &House,
    session: SessionId,
    headers: &HeaderMap,
    body: Body,
    carries: Carries,
) -> Result<Fields, Unread> {
    let boundary = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).and_then(upload::boundary);
    match (boundary, carries) {
        (Some(boundary), Carries::File) => {
            upload::read(body, boundary, |token| house.door().is_token(session, token)).await
        }
        _ => {
            let body = Limited::new(body, FORM_BYTES_MAX).collect().await.map_err(|_| Unread::TooLarge)?;
            Ok(Fields::parse(&body.to_bytes()))
        }
    }
}

fn not_read(looks: Looks, unread: Unread) -> Response {
    match unread {
        Unread::Stale => html(StatusCode::FORBIDDEN, view::plain::stale(looks)),
        Unread::TooLarge => html(StatusCode::PAYLOAD_TOO_LARGE, view::plain::too_large(looks)),
        Unread::Broken => html(StatusCode::BAD_REQUEST, view::plain::broken(looks)),
    }
}

async fn run(mut ask: Ask, page: Page) -> Response {
    let (house, session, looks) = (Arc::clone(&ask.house), ask.session, ask.looks);
    let done = tokio::task::spawn_blocking(move || page(&mut ask).map_err(|fault| view::plain::fault(&ask, &fault)));
    match done.await {
        Ok(Ok(Answer::Page(markup))) => html(StatusCode::OK, markup),
        Ok(Ok(Answer::Unsound(markup))) => html(StatusCode::UNPROCESSABLE_ENTITY, markup),
        Ok(Ok(Answer::Picture(jpeg))) => picture(jpeg),
        Ok(Ok(Answer::Go(to))) => see_other(&to, None),
        Ok(Ok(Answer::GoAndSay(to, message))) => {
            if let Some(session) = house.door().remembered(session) {
                session.notice = Some(message);
            }
            see_other(&to, None)
        }
        Ok(Ok(Answer::GoWith(to, cookie))) => see_other(&to, Some(&cookie)),
        Ok(Ok(Answer::File(file))) => download(file),
        Ok(Err((status, markup))) => html(status, markup),
        Err(_) => html(StatusCode::INTERNAL_SERVER_ERROR, view::plain::bug(looks)),
    }
}

/// The answer to who is not let in.
#[must_use]
pub fn refused(looks: Looks, refusal: Refusal) -> Response {
    match refusal {
        Refusal::NoSession => html(StatusCode::FORBIDDEN, view::plain::locked_door(looks)),
        Refusal::Host | Refusal::Origin => html(StatusCode::MISDIRECTED_REQUEST, view::plain::elsewhere(looks)),
    }
}

/// A page with its status.
#[must_use]
pub fn html(status: StatusCode, markup: Markup) -> Response {
    let mut response = Response::new(Body::from(markup.into_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn picture(jpeg: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(jpeg));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn download(file: Download) -> Response {
    let mut response = Response::new(Body::from(file.text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(file.media));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(kept) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name)) {
        response.headers_mut().insert(CONTENT_DISPOSITION, kept);
    }
    response
}

fn see_other(to: &str, cookie: Option<&str>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
