### What the pages say, in Welsh. Numbers choose their form: zero, one, two, few (3), many (6), other.

## The frame
name = Doorstep
skip = Neidio i’r dudalen
nav = Tudalennau
tab-home = Heddiw
tab-search = Chwilio
tab-visits = Ymweliadau
tab-reconcile = Cysoni
tab-late = Gwaith hwyr
tab-devices = Dyfeisiau
tab-audit = Archwilio
tab-health = Cydamseru
title-error = Gwiriwch: { $title }
title-home = Cartref
title-person = Person
language = Iaith
language-english = English
language-welsh = Cymraeg
light = Golau
light-auto = Awto
light-day = Dydd
light-night = Nos
leave = Cau’r tudalennau hyn
left = Wedi cau
left-text = Mae’r tudalennau hyn wedi cau a’r ddyfais wedi’i chloi. Bydd dolen newydd yn eu hagor eto.
to-home = I’r dudalen gyntaf
choose = Dewiswch
cancel = Canslo
save = Cadw
yes = oes
no = nac oes
not-known = ddim yn hysbys
not-yet = ddim eto
never = byth
still = o hyd

## Moments and ages
month-1 = Ionawr
month-2 = Chwefror
month-3 = Mawrth
month-4 = Ebrill
month-5 = Mai
month-6 = Mehefin
month-7 = Gorffennaf
month-8 = Awst
month-9 = Medi
month-10 = Hydref
month-11 = Tachwedd
month-12 = Rhagfyr
moment-today = heddiw { $clock }
moment-yesterday = ddoe { $clock }
moment-day = { $day }, { $clock }
age-now = newydd fod
age-minutes =
    { $n ->
        [one] { $n } funud yn ôl
        [two] { $n } funud yn ôl
       *[other] { $n } munud yn ôl
    }
age-hours =
    { $n ->
       *[other] { $n } awr yn ôl
    }
age-days =
    { $n ->
        [one] { $n } diwrnod yn ôl
        [two] { $n } ddiwrnod yn ôl
       *[other] { $n } diwrnod yn ôl
    }
age-months =
    { $n ->
        [two] { $n } fis yn ôl
       *[other] { $n } mis yn ôl
    }
age-years =
    { $n ->
        [one] { $n } flwyddyn yn ôl
        [two] { $n } flynedd yn ôl
        [few] { $n } blynedd yn ôl
        [many] { $n } blynedd yn ôl
       *[other] { $n } mlynedd yn ôl
    }

## How sync stands
status-no-network =
    { $n ->
        [zero] Yn gweithio ar y ddyfais hon yn unig
        [one] Ar y ddyfais hon yn unig; 1 cofnod heb ei anfon
        [two] Ar y ddyfais hon yn unig; 2 gofnod heb eu hanfon
        [few] Ar y ddyfais hon yn unig; 3 chofnod heb eu hanfon
        [many] Ar y ddyfais hon yn unig; 6 chofnod heb eu hanfon
       *[other] Ar y ddyfais hon yn unig; { $n } cofnod heb eu hanfon
    }
contact-none = ddim ers ei hagor
status-good = Popeth wedi’i anfon; cyswllt diwethaf { $contact }
status-syncing = Yn anfon ac yn derbyn …
status-stopped = Mae’r cydamseru wedi stopio: gofynnwch i weinyddwr. Cedwir popeth a gofnodwyd yma
status-offline = Dim signal; mae popeth yn gweithio. Cyswllt diwethaf { $contact }
status-offline-unsent =
    { $n ->
        [one] Dim signal; 1 cofnod heb ei anfon eto, cyswllt diwethaf { $contact }
        [two] Dim signal; 2 gofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
        [few] Dim signal; 3 chofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
        [many] Dim signal; 6 chofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
       *[other] Dim signal; { $n } cofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
    }
status-unsent =
    { $n ->
        [one] 1 cofnod heb ei anfon eto, cyswllt diwethaf { $contact }
        [two] 2 gofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
        [few] 3 chofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
        [many] 6 chofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
       *[other] { $n } cofnod heb eu hanfon eto, cyswllt diwethaf { $contact }
    }
signal-cut = Torri’r signal
signal-on = Adfer y signal
signal-is-cut = Mae’r signal wedi’i dorri. Mae popeth ar y dudalen hon yn gweithio fel o’r blaen.
signal-is-on = Mae’r signal yn ôl.

## At the door
welcome = Croeso
door-locked = Mae’r tudalennau hyn ar gau
door-locked-text = Maent yn agor â’r ddolen y mae’r rhaglen yn ei dangos wrth gychwyn. Cychwynnwch hi eto, neu gofynnwch iddi am ddolen newydd.
door-used = Defnyddiwyd y ddolen hon eisoes
door-used-text = Mae pob dolen yn gweithio unwaith, am awr. Gofynnwch i’r rhaglen am un newydd.
door-elsewhere = Daeth y cais hwn o dudalen arall
door-elsewhere-text = Ni ddangoswyd na newidiwyd dim. Agorwch y tudalennau hyn drwy eu dolen eu hunain.
stale = Mae’r dudalen hon wedi dyddio
stale-text = Mae’r hyn a ddangosodd wedi newid ers hynny. Ni chadwyd dim. Agorwch hi eto ac edrychwch unwaith yn rhagor.
too-large = Mae hynny’n ormod ar unwaith
too-large-text = Mae ffurflen yn dal 256 KB ar y mwyaf. Ni chadwyd dim. Ewch yn ôl, byrhewch hi a’i hanfon eto.
form-broken = Ni ddaeth y ffurflen drwodd
form-broken-text = Fe’i torrwyd yn fyr ar ei ffordd. Ni chadwyd dim. Ewch yn ôl a’i hanfon eto.
not-found = Heb ei ganfod
not-found-text = Nid oes tudalen o’r fath.
not-found-here = Nid oes dim o’r fath ar y ddyfais hon. Efallai nad yw wedi cyrraedd eto: cydamserwch, a rhowch gynnig arall arni.
refused = Ni wnaed hynny
bug = Aeth rhywbeth o’i le
bug-text = Bai’r rhaglen yw hyn, nid eich bai chi. Cedwir yr hyn a gofnodwyd o’r blaen. Rhowch wybod amdano.
storage-text = Ni all y ddyfais hon ddarllen nac ysgrifennu ei chofnodion ar hyn o bryd. Cedwir yr hyn a gofnodwyd o’r blaen. Gwiriwch fod lle ar ei disg, yna agorwch y rhaglen eto.
ended = Daethpwyd â’r ddyfais hon i ben
ended-text = Mae ei phartneriaeth wedi dod â hi i ben. Mae wedi trosglwyddo’r hyn nad oedd wedi’i anfon ac wedi dileu ei hallweddi a’i chofnodion. Nid oes dim arall i’w wneud yma.

## What is wrong in a form
wrong-fields =
    { $n ->
        [one] Un peth i’w gywiro
        [two] 2 beth i’w cywiro
        [few] 3 pheth i’w cywiro
        [many] 6 pheth i’w cywiro
       *[other] { $n } peth i’w cywiro
    }
error-fill = Llenwch hwn.
error-fill-one = Llenwch o leiaf un o’r rhain.
error-choose = Dewiswch un o’r rhain.
error-too-long = { $max } nod ar y mwyaf; mae gan hwn { $n }. Byrhewch ef.
error-too-short = O leiaf { $min } nod: dywedwch ychydig yn rhagor.
error-number = Rhif cyfan o { $min } i { $max }.
error-date = Diwrnod fel blwyddyn-mis-diwrnod, megis 2026-03-09.
error-postcode = Cod post megis N17 9LJ, neu gadewch ef yn wag.
error-uprn = UPRN o 1 i 12 digid, neu gadewch ef yn wag.
error-address = Dywedwch ble mae: cyfeiriad, cod post neu UPRN.
error-pin-again = Nid yw’r ddau PIN yr un fath.
error-device-name = Ysgrifennwch enw’r ddyfais fel y mae uchod: { $device }.

## What the device says no to
no-ambiguous =
    { $n ->
       *[other] Mae { $n } peth yn cyfateb: dywedwch pa un.
    }
no-field = Heb ei gadw: { $limit }; { $remedy }.
no-not-among = Nid yw’r gwerth hwnnw bellach ymhlith y rhai a ddangosir. Edrychwch eto.
no-too-much = Mae hynny’n fwy nag y mae un cofnod yn ei ddal. Rhannwch y gwaith.
no-edit = Mae’r cofnod wedi newid yn y cyfamser. Ni chadwyd dim: agorwch ef eto.
no-carrier = Nid ffeil gludo yw’r ffeil honno, neu mae wedi’i difrodi.
no-photo-kind = Derbynnir ffeiliau JPEG, PNG a WebP, ac nid yw hon yn un ohonynt. Cadwch hi fel JPEG.
no-photo-too-long = Mae gan ffotograff { $limit } MB ar y mwyaf. Cadwch ef yn llai, neu tynnwch ef eto ar gydraniad is.
no-photo-too-large = Mae gan ffotograff { $limit } picsel ar y mwyaf ar ochr, a 60 miliwn gyda’i gilydd. Cadwch ef yn llai.
no-photo-unreadable = Nid yw’r ffeil yn darllen fel llun. Agorwch hi mewn man arall a’i chadw eto, neu tynnwch lun arall.
no-photo-too-many = Mae gan gartref { $limit } ffotograff ar y mwyaf. Cofnodwch bopeth arall mewn geiriau.
no-in-use = Mae rhaglen arall â’r ddyfais hon ar agor. Caewch hi yn gyntaf.
no-pin-wrong =
    { $n ->
        [one] Nid yw’r PIN hwnnw’n gywir; 1 cynnig arall cyn i’r ddyfais hon ofyn am ddesg.
        [two] Nid yw’r PIN hwnnw’n gywir; 2 gynnig arall cyn i’r ddyfais hon ofyn am ddesg.
        [few] Nid yw’r PIN hwnnw’n gywir; 3 chynnig arall cyn i’r ddyfais hon ofyn am ddesg.
        [many] Nid yw’r PIN hwnnw’n gywir; 6 chynnig arall cyn i’r ddyfais hon ofyn am ddesg.
       *[other] Nid yw’r PIN hwnnw’n gywir; { $n } cynnig arall cyn i’r ddyfais hon ofyn am ddesg.
    }
no-pin-wait =
    { $n ->
       *[other] Arhoswch { $n } eiliad arall, yna rhowch gynnig arall ar y PIN.
    }
no-pin-locked-out = Bu’r PIN yn anghywir yn rhy aml. Gofynnwch i ddesg eich cofrestru eto. Ni chollwyd dim, ac mae popeth nad oes angen PIN arno’n dal i weithio.
no-pin-none = Nid oes PIN ar y ddyfais hon. Dewiswch un yn gyntaf, o dan Cydamseru.
no-pin-whose = Mae gan sawl gweithiwr PIN yma. Dywedwch PIN pwy ydyw, o dan Cydamseru, Datgloi.
no-pin-desk = Desg yw hon: ei chyfrinymadrodd sy’n ei hagor. Nid oes PIN.
no-pin-second-key = Nid oes gan y ddyfais hon allwedd y gallai PIN ei hagor. Rhaid i weinyddwr ei derbyn eto.
no-pin-weak = Dewiswch PIN o 4 i 12 digid nad yw’n hawdd ei ddyfalu.
no-locked = Mae hwn yn agor â’ch PIN: datglowch y ddyfais yn gyntaf. Nid oes angen PIN ar y blwch tân.
no-lease = Bu’r ddyfais hon heb y gweinydd yn rhy hir, neu rhowyd ei chloc yn ôl. Cysylltwch hi. Mae’r blwch tân yn dal i weithio.
no-entitled = Nid oes caniatâd i’r ddyfais hon ddarllen hynny yma. Gofynnwch i weinyddwr.
no-audit = Dangosir yr hyn sydd dan sêl dim ond lle gellir cofnodi ei ddarllen, ac yma ni ellir. Dywedwch wrth weinyddwr. Mae’r blwch tân yn dal i weithio.
no-audit-stuck =
    { $n ->
       *[other] Nid yw’r gweinydd wedi derbyn cofnod y ddyfais hon o bwy ddarllenodd beth ers { $n } diwrnod. Cydamserwch; os nad yw hynny’n helpu, dywedwch wrth weinyddwr.
    }
no-sealed = Nid yw’r ddyfais hon yn dal dim dan sêl am y cartref hwn.
no-glass-entitled = Nid oes caniatâd i’r ddyfais hon dorri’r gwydr yma. Gofynnwch i’r ystafell reoli.
no-glass-text = Dywedwch pam mewn 5 i 500 nod: dyna mae’r adolygiad yn ei ddarllen.
no-glass-incident = Mae gan rif digwyddiad 80 nod ar y mwyaf.
no-glass-whole = Mae gwydr y cartref hwn yn gyfan: torrwch ef yn gyntaf.
no-glass-over = Mae’r amser y tu ôl i’r gwydr hwn ar ben. Torrwch ef eto os oes ei angen arnoch o hyd.
no-plan = Nid yw hynny’n cyfateb: { $remedy }.
no-admin = Ni chaiff y ddesg hon wneud hynny, neu nid yw’r rhestr aelodau’n ei ganiatáu. Gofynnwch i weinyddwr y sefydliad y mae’n perthyn iddo.
no-not-in-sync = Nid yw’r ddesg hon wedi cydamseru, felly ni newidiwyd dim. Adferwch y signal a rhowch gynnig arall arni.
no-server-refuses = Nid yw’r gweinydd yn gwasanaethu’r ddyfais hon. Gofynnwch i weinyddwr.
no-connection = Nid oes cysylltiad â’r gweinydd ar hyn o bryd. Ni newidiwyd dim; bydd yr un peth yn gweithio’n ddiweddarach.

## Today
hello = Heddiw
hello-name = Helo { $name }
todo = I’w wneud
todo-clocks =
    { $n ->
        [two] gloc cyfreithiol i edrych arnynt
        [few] chloc cyfreithiol i edrych arnynt
        [many] chloc cyfreithiol i edrych arnynt
       *[other] cloc cyfreithiol i edrych arno
    }
todo-none-clocks = Nid oes cloc yn dod i ben
todo-title-clocks = Clociau cyfreithiol
todo-glass-reviews =
    { $n ->
        [two] wydr wedi’u torri i’w hadolygu
       *[other] gwydr wedi’i dorri i’w adolygu
    }
todo-none-glass-reviews = Dim gwydr wedi’i dorri i’w adolygu
todo-title-glass-reviews = Gwydrau a dorrwyd
todo-visits =
    { $n ->
       *[other] ymweliad wedi’i gyflwyno
    }
todo-none-visits = Edrychwyd ar bob ymweliad
todo-title-visits = Ymweliadau i edrych arnynt
todo-conflicts =
    { $n ->
        [two] werth sy’n anghytuno
       *[other] gwerth sy’n anghytuno
    }
todo-none-conflicts = Nid oes dim yn anghytuno
todo-title-conflicts = Gwerthoedd sy’n anghytuno
todo-disclosures =
    { $n ->
        [two] gais i ddatgelu
        [few] chais i ddatgelu
        [many] chais i ddatgelu
       *[other] cais i ddatgelu
    }
todo-none-disclosures = Dim cais i ddatgelu
todo-title-disclosures = Ceisiadau i ddatgelu
todo-duplicates =
    { $n ->
        [two] bâr a allai fod yn un
        [few] phâr a allai fod yn un
        [many] phâr a allai fod yn un
       *[other] pâr a allai fod yn un
    }
todo-none-duplicates = Nid oes dim yno ddwywaith
todo-title-duplicates = Beth allai fod yno ddwywaith
todo-stale-facts =
    { $n ->
        [two] ffaith heibio i’w hadolygiad
       *[other] ffaith heibio i’w hadolygiad
    }
todo-none-stale-facts = Mae pob ffaith o fewn ei hadolygiad
todo-title-stale-facts = Ffeithiau heibio i’w hadolygiad
todo-late-work =
    { $n ->
        [two] ddarn o waith hwyr i’w penderfynu
       *[other] darn o waith hwyr i’w benderfynu
    }
todo-none-late-work = Dim gwaith hwyr
todo-title-late-work = Gwaith hwyr
todo-sync =
    { $n ->
        [two] beth na ddaeth drwodd
        [few] pheth na ddaeth drwodd
        [many] pheth na ddaeth drwodd
       *[other] peth na ddaeth drwodd
    }
todo-none-sync = Daeth popeth drwodd
todo-title-sync = Cydamseru
todo-overdue =
    { $n ->
       *[other] { $n } yn hwyr
    }
todo-more =
    { $n ->
       *[other] { $n } i gyd; dangosir y rhai cyntaf
    }
due-by = erbyn { $day }
visits-recent = Ymweliadau diweddaraf
figures-homes =
    { $n ->
        [two] { $n } gartref ar y ddyfais hon
        [few] { $n } chartref ar y ddyfais hon
        [many] { $n } chartref ar y ddyfais hon
       *[other] { $n } cartref ar y ddyfais hon
    }
figures-people =
    { $n ->
        [one] { $n } person
        [two] { $n } berson
        [few] { $n } pherson
        [many] { $n } pherson
       *[other] { $n } o bobl
    }

## Find
search-label = Cod post, stryd, UPRN neu enw
search-hint = ZZ1 1LR
search-go = Chwilio
found-nothing = Nid oes dim ar y ddyfais hon yn cyfateb. Rhowch gynnig ar lai o eiriau, neu’r cod post.
found-homes =
    { $n ->
        [zero] { $n } cartref
        [one] { $n } cartref
        [two] { $n } gartref
        [few] { $n } chartref
        [many] { $n } chartref
       *[other] { $n } cartref
    }
found-people =
    { $n ->
        [one] { $n } person
        [two] { $n } berson
        [few] { $n } pherson
        [many] { $n } pherson
       *[other] { $n } o bobl
    }
flags-count =
    { $n ->
        [two] { $n } faner
       *[other] { $n } baner
    }
uprn-number = UPRN { $uprn }
provisional = dim UPRN eto
provisional-long = Dros dro: nid yw ei UPRN yn hysbys eto
firebox = Blwch tân
firebox-of = Blwch tân { $address }
born-on = ganwyd { $day }
died-on = bu farw { $day }
a-home = Cartref nad yw ar y ddyfais hon
home-not-here = cartref nad yw ar y ddyfais hon

## A home
before-the-door = Cyn y drws
flags-none = Nid oes baner yn hysbys. Nid yw hynny’n golygu nad oes perygl.
flag = Baner
flag-ask-only = holwch { $contact }
flag-ask = { $kind }: holwch { $contact }
flag-lapsed = { $kind }: wedi dod i ben, holwch { $contact }
flag-contact-none = y sefydliad a’i gosododd
flag-state-lapsed = wedi dod i ben
flag-state-review = adolygiad yn hwyr
review-by = adolygu erbyn { $day }
in-building = yn yr adeilad { $uprn }
delivery-done = mae’r cyfan gan y gweinydd
delivery-not-sent = heb anfon y cyfan eto
delivery-refused = gwrthododd y gweinydd beth ohono; cedwir ef yma
visit-record = Cofnodi ymweliad
whole-record = Cofnod cyfan
disputes =
    { $n ->
        [one] Mae ymweliadau’n anghytuno ar 1 peth.
        [two] Mae ymweliadau’n anghytuno ar 2 beth.
        [few] Mae ymweliadau’n anghytuno ar 3 pheth.
        [many] Mae ymweliadau’n anghytuno ar 6 pheth.
       *[other] Mae ymweliadau’n anghytuno ar { $n } peth.
    }
disputes-cautious = Dangosir y gwerth mwy gofalus yma nes i rywun ei setlo.
disputed = mewn anghydfod
by-unknown = nid yw’n hysbys gan bwy
value-cleared = (gwagiwyd)
value-newer = (o fersiwn mwy newydd)
value-hidden = (heb ei ddangos)
hazards-open =
    { $n ->
       *[other] Peryglon: { $n } ar agor
    }
hazards-none = Ni chofnodwyd perygl.
hazard = Perygl
in-the-building = yn yr adeilad: { $what }
dwelling = Annedd
clutter = Annibendod, 1 i 9
alarms = Larymau
measurements = Mesuriadau
equipment = Offer
adaptations = Addasiadau
alerts = Rhybuddion systemau eraill
people = Pobl
people-none = Ni chofnodwyd neb yn byw yma.
visits = Ymweliadau
visits-none = Ni chofnodwyd ymweliad eto.
homes-inside =
    { $n ->
        [two] { $n } gartref yn yr adeilad hwn
        [few] { $n } chartref yn yr adeilad hwn
        [many] { $n } chartref yn yr adeilad hwn
       *[other] { $n } cartref yn yr adeilad hwn
    }
replace-by = cyfnewid erbyn { $day }
safe-load = llwyth diogel { $kg } kg
service-due = gwasanaeth erbyn { $day }
ended-on = daeth i ben { $day }

## A person
needs = Beth sydd ei angen arnynt
language-of-person = Iaith
abilities = Beth y gallant ei wneud
notes = Nodiadau
homes = Cartrefi
contacts = Sut i gysylltu â nhw
legal-name = yn gyfreithiol { $name }
speaks = yn siarad { $language }
reads = yn darllen { $language }
interpreter = angen cyfieithydd

## The firebox
line-people-inside = Pobl y tu mewn
line-cannot-self-evacuate = Methu gadael heb gymorth
line-rescue = Achub
line-oxygen = Ocsigen, silindrau
line-routes = Annibendod, allanfeydd
line-violence = Trais, ci
line-alarms = Larymau
line-telecare = Teleofal
line-sprinkler = Chwistrellwr
line-e-bikes = E-feiciau, batris
line-ignition = Tanio, tanwydd
line-asbestos = Asbestos
line-access = Mynediad, blwch allwedd
line-contact = Cyswllt
age-unknown = oed ddim yn hysbys
said-main-exit = Prif allanfa: { $level }
said-exit = allanfa: { $level }
said-leaves = Gadael: { $level }
said-stairs = Grisiau: { $level }
said-walks = Cerdded: { $level }
said-rating = gradd { $rating } o 9
said-people =
    { $n ->
        [one] { $n } person
        [two] { $n } berson
        [few] { $n } pherson
        [many] { $n } pherson
       *[other] { $n } o bobl
    }
said-floor = llawr { $floor }
said-missing = { $what }
said-exists-code-is-sealed = Blwch allwedd; mae’r cod dan sêl
said-home-oxygen = Ocsigen yn y cartref
said-gas-cylinders = Silindrau nwy
said-ammunition-or-chemicals = Bwledi neu gemegau
said-dog = Ci peryglus
said-way-out-blocked = Allanfa wedi’i rhwystro
said-seen-not-rated = Gwelwyd, heb ei raddio
said-charging = Gwefru yn y cartref
said-somebody-cannot-escape-unaided = Rhywun yn methu dianc heb gymorth
said-somebody-may-not-hear-an-alarm = Efallai na fydd rhywun yn clywed larwm
said-suspected = Amheuir
said-may-not-notice-an-alarm = Efallai na fydd yn sylwi ar larwm
said-needs-to-be-led-out = Angen ei arwain allan
said-cannot-transfer = Methu trosglwyddo
said-depends-on-powered-equipment = Yn dibynnu ar offer trydanol

## Breaking the glass
glass-break = Torri’r gwydr
glass-break-now = Torri’r gwydr a dangos
glass-what-happens = Dangosir yr hyn sydd dan sêl am y cartref hwn am 30 munud. Cofnodir yn gyntaf, ar y ddyfais hon, ichi ei agor, pryd a pham, a bydd rhywun yn ei adolygu. Mae’n gweithio heb signal.
why-hint = Ychydig eiriau y bydd yr adolygiad yn eu darllen.
incident-hint = Os oes un.
glass-behind = Y tu ôl i’r gwydr
glass-open-until = Mae’r gwydr ar agor tan { $clock }:
glass-close = Cau nawr
glass-closed = Mae’r gwydr wedi’i gau.
sealed-violence = Trais
sealed-entries = Ffordd i mewn
sealed-pointers = Pwy sy’n gwybod mwy
sealed-nothing = Nid oes dim dan sêl am y cartref hwn ar y ddyfais hon. Nid yw hynny’n golygu nad oes dim.
sealed-left-out =
    { $n ->
       *[other] Ni ellid darllen { $n } rhan yma: efallai fod mwy.
    }
sealed-precaution = cyn mynd i mewn: { $text }
sealed-code = cod { $code }
sealed-key-holder = allwedd gan { $who }
sealed-checked = gwiriwyd { $day }

## Visits
visit = Ymweliad
visit-find-home = Chwilio am gartref i ymweld ag ef
visit-elsewhere = Cartref nad yw ar y rhestr
visit-elsewhere-text = Cofnodwch yr ymweliad yr un fath. Bydd desg yn ei baru â’i UPRN yn ddiweddarach.
line-hint = Fel y mae’r preswylydd yn ei ddweud.
postcode-hint = Megis N17 9LJ.
uprn-hint = 1 i 12 digid, os ydych yn ei wybod.
visit-begin = Dechrau
visit-begun = Mae’r ymweliad wedi dechrau. Cedwir popeth a ychwanegwch ar y ddyfais hon ar unwaith.
add-hazard = Ychwanegu perygl
add-hazard-hint = Tri thap: pa un, pa ystafell, pa mor ddrwg.
all-hazards = Pob perygl
add-more = Ychwanegu rhywbeth arall
add-alarm = Larwm
add-clutter = Gradd annibendod
add-dwelling = Allanfa a mynediad
add-measurement = Mesuriad
add-equipment = Offer
recorded-here = Cofnodwyd yn yr ymweliad hwn
recorded-nothing = Dim eto.
room-another = Ystafell arall
note-add = Ychwanegu nodyn
severity-save = Pa mor ddrwg ydyw? Mae hyn yn ei gadw.
saved-what = Cadwyd: { $what }
date-hint = Blwyddyn-mis-diwrnod, megis 2036-03-09.
rating-hint = Mae 1 yn glir, 9 yn llawn. Cymharwch â’r lluniau swyddogol.
access-hint = Sut i fynd i mewn. Byth god: mae codau dan sêl.
feature-hint = Megis drws ffrynt, sedd toiled, gris.
quantity-hint = Megis lled clir, uchder.
finish = Gorffen yr ymweliad
finish-now = Cyflwyno
note-keep = Cadw a pharhau
note-kept = Cedwir yr hyn a ysgrifennoch ar y ddyfais hon.
visit-handed-in = Mae’r ymweliad wedi’i gyflwyno. Bydd yn mynd i’r ddesg cyn gynted ag y bydd signal.
how-it-went = Sut aeth hi
visit-met = cyfarfûm â { $who }
visit-next = nesaf: { $text }

## Photographs
photographs =
    { $n ->
        [zero] { $n } ffotograff
        [one] { $n } ffotograff
        [two] { $n } ffotograff
        [few] { $n } ffotograff
        [many] { $n } ffotograff
       *[other] { $n } ffotograff
    }
photographs-none = Dim ffotograff eto.
photographs-all = Pob ffotograff
photograph = Ffotograff
photograph-of = Ffotograff: { $what }
photograph-add = Ychwanegu ffotograff
photograph-save = Cadw’r ffotograff
photograph-kept = Cedwir y ffotograff ar y ddyfais hon, heb y lle y mae ei ffeil yn ei enwi. Bydd yn cael ei anfon ar ôl popeth arall.
photograph-taken = tynnwyd { $at }
photograph-sent = anfonwyd
photograph-unsent =
    { $n ->
        [one] heb ei anfon eto, 1 rhan ar ôl
        [two] heb ei anfon eto, 2 ran ar ôl
        [few] heb ei anfon eto, { $n } rhan ar ôl
        [many] heb ei anfon eto, { $n } rhan ar ôl
       *[other] heb ei anfon eto, { $n } rhan ar ôl
    }
photograph-not-here = ddim yma eto
photograph-whole-not-here = Dim ond yr un bach sydd ar y ddyfais hon. Daw’r llun cyfan pan ofynnwch amdano.
photograph-want = Cael y llun cyfan
photograph-wanted = Gofynnwyd amdano: daw cyn gynted ag y bydd signal. Agorwch y dudalen hon eto bryd hynny.
photo-hint = JPEG, PNG neu WebP, 40 MB ar y mwyaf. Gadewir ei le a’i amser allan.
photo-note-hint = Beth mae’n ei ddangos, os oes angen geiriau.
error-photo = Tynnwch ffotograff, neu dewiswch un.
saved-with-photograph = Cadwyd gyda’i ffotograff: { $what }

## What others found
people-here = Pobl yma
others-found = Beth welodd eraill yma
others-nothing = Nid oes neb wedi cofnodi dim yma o’r blaen.
look-again = Edrych eto
stands-at = o { $address }
scope-hint = Dangosir yr hyn sydd yn y rhannau cyffredin ar bob cartref yn yr adeilad.
visits-today = Ymweliadau heddiw
visits-today-none = Dim ymweliad heddiw, a dim un heb ei orffen.
hazard-now-open = Mae yno o hyd
hazard-now-action-agreed = Cytunwyd ar waith
hazard-now-made-safe = Mae’n ddiogel am y tro
hazard-now-resolved = Mae wedi mynd
hazard-now-disputed = Ni welaf un yma

## The form of a visit
form = Ffurflen
form-open = Llenwi’r ffurflen
form-answered =
    { $n ->
        [zero] Atebwyd { $n } o { $of } cwestiwn.
        [one] Atebwyd { $n } o { $of } cwestiwn.
        [two] Atebwyd { $n } o { $of } cwestiwn.
        [few] Atebwyd { $n } o { $of } cwestiwn.
        [many] Atebwyd { $n } o { $of } cwestiwn.
       *[other] Atebwyd { $n } o { $of } cwestiwn.
    }
form-not-known = Cedwir pob tap ar unwaith. Nid yw’r hyn nas atebwyd yn hysbys, byth yn na.
form-needed = Ei angen cyn i’r ymweliad fod wedi’i wneud.
form-choose = Pa ffurflen?
form-room = Ateb ar gyfer ystafell
form-room-more = Ystafell arall, neu newid un
form-take-back = Ddim yn hysbys wedi’r cyfan
form-about = Am { $name }.
form-protected = Nid enwir mewn cartref rywun y mae ei gyfeiriad wedi’i warchod. Dewch o hyd iddynt yn ôl enw ac atebwch yno: nid yw’r ateb yn enwi cartref nac ymweliad.
person-questions = Ateb cwestiynau
person-questions-text = Cedwir atebion gyda’r person. Nid ydynt yn enwi cartref nac ymweliad.
person-questions-back = Yn ôl at y person
form-nobody = Ni chofnodwyd neb yn byw yma, felly cedwir yr ateb hwn gyda’r ymweliad yn unig.
form-back = Yn ôl i’r ymweliad
form-unknown = Dechreuwyd yr ymweliad hwn gyda’r ffurflen { $form }, fersiwn { $version }, nad yw ar y ddyfais hon. Cedwir yr hyn a atebwyd. Cydamserwch, neu diweddarwch y rhaglen hon, i barhau.
form-unknown-answers = Atebion eraill
form-unknown-text = Maent yn perthyn i gwestiynau nad yw’r ddyfais hon yn eu hadnabod. Cedwir hwy fel y maent.
answer-yes = Ie
answer-no = Na
error-room = Dywedwch pa ystafell.
error-person-none = Nid oes neb yn hysbys yn byw yma eto. Ychwanegwch y person, yna atebwch.
error-form =
    { $n ->
        [one] Mae 1 cwestiwn ar y ffurflen yn dal i aros am ateb. Atebwch ef, neu dewiswch fod rhan wedi’i wneud.
        [two] Mae 2 gwestiwn ar y ffurflen yn dal i aros am ateb. Atebwch hwy, neu dewiswch fod rhan wedi’i wneud.
        [few] Mae { $n } chwestiwn ar y ffurflen yn dal i aros am ateb. Atebwch hwy, neu dewiswch fod rhan wedi’i wneud.
        [many] Mae { $n } chwestiwn ar y ffurflen yn dal i aros am ateb. Atebwch hwy, neu dewiswch fod rhan wedi’i wneud.
       *[other] Mae { $n } cwestiwn ar y ffurflen yn dal i aros am ateb. Atebwch hwy, neu dewiswch fod rhan wedi’i wneud.
    }

## Recording a person
person-add = Ychwanegu person
person-added = Cofnodwyd y person. Ychwanegwch yr hyn a wyddoch amdanynt isod.
add = Ychwanegu
change = Newid
add-what = Ychwanegu: { $what }
change-what = Newid: { $what }
part-person = Enw a dyddiad geni
part-contact = Ffordd o gysylltu â nhw
part-language = Eu hiaith
part-need = Rhywbeth sydd ei angen arnynt
part-ability = Beth y gallant ei wneud
part-note = Nodyn
part-household = Pwy sy’n byw yno
part-member = Rhywun arall yn y cartref
part-important = Rhywun sy’n bwysig iddynt
part-proxy = Rhywun a gaiff siarad drostynt
part-professional = Gwasanaeth sy’n eu hadnabod
conditions = Yr hyn y maent yn byw gydag ef, fel yr enwodd eraill ef
household = Aelwyd
household-adults =
    { $n ->
        [zero] dim oedolion
        [one] 1 oedolyn
        [two] 2 oedolyn
        [few] { $n } oedolyn
        [many] { $n } oedolyn
       *[other] { $n } oedolyn
    }
household-children =
    { $n ->
        [zero] dim plant
        [one] 1 plentyn
        [two] 2 blentyn
        [few] { $n } phlentyn
        [many] { $n } phlentyn
       *[other] { $n } o blant
    }
household-alone = yn byw ar ei ben ei hun
household-carer = gofalwr yn byw i mewn
members-of-household = Eraill yn y cartref
important-people = Pobl sy’n bwysig iddynt
role-emergency = mewn argyfwng
role-key = yn dal allwedd
role-next-of-kin = perthynas agosaf
role-carer = prif ofalwr
contact-not-safe = ddim yn ddiogel i’w ddefnyddio
proxies = Pwy gaiff siarad drostynt
proxy-over = ddim mwyach
proxy-about = am { $scope }
proxy-until = tan { $day }
known-to = Yn hysbys i
last-involved = yn ymwneud ddiwethaf { $day }
error-capacity = Mae galluedd yn ymwneud ag un penderfyniad: dywedwch pa un.

## What they agreed to
consents-text = Mae na bob amser yn gadael pwy i’w holi yn lle hynny. Gellir ei newid unrhyw bryd.
consents-history = Yr hyn a gofnodwyd
consent-record = Cofnodi ateb
consent-withdraw = Ei dynnu’n ôl
consent-withdraw-what = Tynnu’n ôl: { $what }
consent-withdraw-text = Tynnir yn ôl ar unwaith yr hyn a ddywedwyd wrth griwiau o’i herwydd. Mae’n drech nag unrhyw ie a gofnododd rhywun heb wybod amdano.
consent-withdrawn = Fe’i tynnwyd yn ôl.
consent-proxy-hint = Dim ond lle mae dirprwy yn ateb drostynt.
wording-hint = Pa eiriad a ddarllenoch, a’i fersiwn. Ei angen ar gyfer ie.
consent-contact-hint = Person neu ddesg. Ei angen ar gyfer na.
consent-evidence-hint = Ble mae’r papur, neu pwy oedd yno.
withdrawn-by-hint = Eich enw a’ch rôl.
error-wording = Dywedwch i ba eiriad y cytunasant.
error-whom-instead = Dywedwch pwy i’w holi yn lle hynny, fel na saif neb o flaen drws caeedig.
error-proxy = Cofnodwch yn gyntaf pwy gaiff siarad drostynt, a dewiswch nhw.
consents-open = Gofyn, neu newid ateb
consents = Yr hyn y cytunasant iddo
consents-none = Ni ofynnwyd dim eto.
consent-wording = geiriad { $wording }
consent-until = tan { $day }
consent-withdrawn-by = tynnwyd yn ôl, cofnodwyd gan { $who }

## What opens with a worker
nhs-number = Rhif GIG
nhs-number-text = Dim ond ar gyfer iechyd a gofal cymdeithasol y mae’r rhif GIG. Cofnodir eich bod wedi edrych, a pham, cyn ei ddangos.
nhs-number-set = Cofnodi’r rhif
nhs-number-trace = Cofnodi olrhain
nhs-number-traces = Olrhain
nhs-number-hint = Deg digid, megis 943 476 5919.
protected-notes = Nodiadau gwarchodedig
protected-text = Mae’r hyn sydd yma yn gwarchod rhywun. Cofnodir eich bod wedi edrych, a pham, cyn ei ddangos. Peidiwch â’i adael ar sgrin y mae eraill yn ei gweld.
protected-note-add = Ychwanegu nodyn gwarchodedig
protected-concern-add = Cofnodi pryder
protected-concerns = Pryderon
protected-places = Ble maent
protected-nothing = Nid oes dim gwarchodedig ar y ddyfais hon. Nid yw hynny’n golygu nad oes dim.
protected-saved = Mae wedi’i selio, ac nid yw’n agored yn unman.
protected-move-in = Ble maent o hyn ymlaen
protected-move-in-text = Caiff ei selio ar unwaith, a dywedir wrth griwiau yno yr hyn sydd ei angen arnynt, heb enwi neb.
moved-to-home-hint = UPRN, neu eiriau sy’n ffitio un cyfeiriad. Gadewch ef yn wag ar gyfer lle nad yw’n gartref yma.
moved-to-address-hint = Dim ond ar gyfer lle nad yw’n gartref yma.
moved-note-hint = Pwy gaiff wybod, a phwy na chaiff.
error-home-or-address = Enwch un lle: cartref sy’n hysbys yma, neu gyfeiriad arall.
protected-move-out = Maent wedi gadael
protected-move-out-of = Maent wedi gadael: { $what }
protected-move-out-text = Ni ddywedir wrth griwiau amdanynt yno mwyach. Mae’r ffaith iddynt fod yno yn aros dan warchodaeth.
field-moved_to_home = Y cartref
field-moved_to_address = Cyfeiriad arall
field-occupancy_kind = At ba ddiben
field-moved_from = Ers pryd
field-moved_note = Nodyn
field-moved_until = Eu diwrnod olaf yno
concern-holder-hint = Gwasanaeth a rôl, megis diogelu oedolion, desg ddyletswydd.
look-now = Ei ddangos
not-printed = Nid argreffir yr hyn sydd wedi’i warchod.
error-nhs-number = Deg digid, a’r olaf yn cyd-fynd â’r lleill. Gwiriwch ef unwaith eto.

## Reconcile
reconcile-none = Nid oes dim yn anghytuno. Pan fydd dau ymweliad yn dweud pethau gwahanol heb weld ei gilydd, bydd y ddau yma.
reconcile-text = Mae pob colofn yn dangos yr hyn a gofnododd rhywun heb weld y lleill. Cadwch un; mae’r lleill yn aros yn yr hanes.
said-by = Pwy
said-when = Pryd
said-on = Ar
shown-meanwhile = dangosir i ymwelwyr a chriwiau yn y cyfamser
keep-value = Cadw “{ $value }”
reconcile-settled = { $field }: setlwyd. Mae’r gwerthoedd eraill yn aros yn yr hanes.
reconcile-settled-already = Setlwyd hynny yn y cyfamser.
said-source = Sut y gwyddys
said-based-on = Cyn hynny
based-on-nothing = nid oedd dim yn hysbys
keep-both = Cadw pob un: roedd pob un yn iawn
reconcile-kept-both = { $field }: mae pob un yn sefyll.
undo-last = Dadwneud y penderfyniad diwethaf
reconcile-undone = Wedi’i ddadwneud: mae ar agor eto.

## Reviews of visits
review-visit = Edrych ar yr ymweliad hwn
review-steps = Beth ddaeth ohono
visit-note-hint = Bydd yr ymwelydd yn ei ddarllen. Ei angen i roi’r ymweliad yn ôl.
review-approve = Cymeradwyo
review-return = Rhoi yn ôl â’r nodyn
review-reopen = Agor eto
review-approved = Mae’r ymweliad wedi’i gymeradwyo.
review-returned = Rhoddwyd yr ymweliad yn ôl i’w ymwelydd.
review-reopened = Mae’r ymweliad ar agor eto.

## History
timeline = Hanes
timeline-changes =
    { $n ->
        [two] { $n } newid
       *[other] { $n } newid
    }
timeline-more =
    { $n ->
       *[other] a { $n } arall
    }
timeline-reads = Pwy agorodd yr hyn sydd dan sêl
timeline-auditors = Dim ond archwilwyr sy’n gwybod pwy agorodd yr hyn sydd dan sêl.
timeline-nobody = Nid oes neb wedi’i agor, hyd y gŵyr y ddesg hon.
read-glass-broken = torrodd y gwydr
read-behind-glass = gwelodd yr hyn sydd y tu ôl i’r gwydr
read-with-purpose = darllenodd ef at ddiben ei dîm

## Legal clocks
clocks = Clociau cyfreithiol
clock-rule-emergency-investigate = ymchwilio: argyfwng
clock-rule-emergency-make-safe = gwneud yn ddiogel: argyfwng
clock-rule-investigate = ymchwilio
clock-rule-written-summary = crynodeb ysgrifenedig
clock-rule-make-safe = gwneud yn ddiogel
clock-rule-supplementary-work = dechrau gwaith pellach
clock-state-overdue = yn hwyr
clock-state-due-soon = yn ddyledus cyn hir
clock-state-fact-missing = mae ffaith ar goll
clock-state-running = yn rhedeg
clock-state-met-late = wedi’i gyflawni’n hwyr
clock-state-met = wedi’i gyflawni
clock-state-stopped = wedi’i stopio
alike-reference = yr un cyfeirnod
alike-born-and-surname = yr un dyddiad geni a chyfenw
alike-phone = yr un ffôn
alike-email = yr un e-bost
alike-name = yr un enw
alike-code-and-room = yr un perygl ac ystafell
alike-postcode-and-address = yr un cod post a chyfeiriad
alike-address = yr un cyfeiriad

## Late work
late-text = Yr hyn a gofnododd dyfais heb ei anfon pan ddaethpwyd â hi i ben. Mae’n cyfrif unwaith y byddwch yn ei dderbyn. Edrychwch pryd y collwyd y ddyfais, a phryd y daeth hwn.
late-not-asked = Ni ellid gofyn i’r gweinydd beth sy’n aros yno.
late-none = Nid oes dim yn aros am benderfyniad.
late-inbox = Yn aros yn y gweinydd
late-here = Yma eisoes, ac nid yw’n cyfrif
late-here-text = Ysgrifennwyd ef ar ôl i’r ddyfais golli ei hawl i ysgrifennu, neu gan ddyfais nad oes neb yn ei hadnabod.
zone-unknown = parth nad yw’n hysbys yma
late-batches =
    { $n ->
        [two] { $n } swp o waith
       *[other] { $n } swp o waith
    }
late-adopt = Ei dderbyn
late-dismiss = Ei ddileu
late-work = gwaith nad oedd wedi’i anfon
late-wiped = mae wedi’i dileu ei hun, ac ni adawyd dim heb ei anfon
late-wiped-some = mae wedi’i dileu ei hun; ni ellid trosglwyddo peth gwaith
late-unreadable = ni ellir ei ddarllen
late-decided-already = Penderfynwyd hynny yn y cyfamser.
late-adopted = Derbyniwyd: mae’n cyfrif o hyn ymlaen.
late-dismissed = Dilëwyd.

## Devices
devices-count =
    { $n ->
        [two] { $n } ddyfais
       *[other] { $n } dyfais
    }
this-device = y ddyfais hon
device-ended = wedi dod i ben
device-frozen = wedi’i rhewi
keys-owed = Mae allweddi’n ddyledus o hyd ar gyfer: { $names }. Mae gan rywun na chaiff ddarllen mwyach y rhai cyfredol.
teams = Timau
team = Tîm
organisation = Sefydliad
tier = Yn agor â
tier-ops = y ddyfais
tier-restricted = PIN gweithiwr
members = Dyfeisiau
zones = Parthau
zone = Parth
holds = Yn dal
device = Dyfais
rights = Caiff
grant-expires = Tan
last-wrote = Ysgrifennodd ddiwethaf
access-who = Pwy sy’n dal pa gofnodion
access-text = Pob tîm sy’n dal parth, gyda phob dyfais ynddo.
right-read = darllen
right-write = ysgrifennu
right-glass = torri’r gwydr
lost-question = A yw’r ddyfais hon ar goll neu wedi’i dwyn?
lost-freeze-text = Rhewch hi ar unwaith, ar unrhyw awr. Ni wasanaethir hi mwyach, a gellir dadwneud hynny.
freeze = Rhewi
unfreeze = Ei gwasanaethu eto
lost-end-text = Dewch â hi i ben pan fydd yn sicr. Cyfnewidir pob allwedd oedd ganddi, mewn un cam. Ni ellir dadwneud hyn.
lost-end = Dod â’r ddyfais hon i ben
lost-after-text = Pan fydd yn gofyn i’r gweinydd nesaf, bydd yn trosglwyddo’r hyn nad oedd wedi’i anfon, yn ei dileu ei hun ac yn dweud hynny. Mae’r gwaith hwnnw’n aros o dan Gwaith hwyr.
lost-title = Dod â { $device } i ben?
reason-lost = Ar goll neu wedi’i dwyn
reason-retired = Ddim yn cael ei defnyddio mwyach
device-name-hint = Fel mai’r un iawn a ddaw i ben.
frozen-now = Mae { $device } wedi’i rhewi: nid yw’r gweinydd yn rhoi dim mwy iddi.
unfrozen-now = Gwasanaethir { $device } eto.
lost-ended = Daethpwyd â { $device } i ben; allweddi newydd i dimau: { $teams }, i barthau: { $zones }.
lost-ended-alarm = Daethpwyd â { $device } i ben; allweddi newydd i dimau: { $teams }, i barthau: { $zones }. Mae’r gweinydd yn dangos llai o’i gwaith nag a welodd y ddesg hon: dywedwch wrth ei weithredwr.
exposure = Beth y gallai ei ddarllen
last-work-came = Daeth ei gwaith diwethaf yma { $at }.
no-work-came = Ni ddaeth dim o’i gwaith yma.
since = Ers
until = Tan
documents = Dogfennau
how = Sut
how-glass = y tu ôl i’r gwydr
how-at-once = ar unwaith

## Audit
audit-followed = Mae’r cofnod o bwy ddarllenodd beth yn dal ar ddyfeisiau: { $devices }, cofnodion: { $records }.
audit-tasks =
    { $n ->
        [two] { $n } wydr wedi’u torri i’w hadolygu
       *[other] { $n } gwydr wedi’i dorri i’w adolygu
    }
audit-tasks-none = Adolygwyd pob gwydr a dorrwyd.
audit-alarms =
    { $n ->
        [two] { $n } rybudd
        [few] { $n } rhybudd
       *[other] { $n } rhybudd
    }
audit-elsewhere = Mae’r dudalen hon yn perthyn i ddesg archwilydd.
audit-alarm-gap = mae cofnodion ar goll
audit-alarm-fork = mae dau gofnod mewn un lle
audit-alarm-no-start = nid yw ei chadwyn yn dechrau â’i dechrau
audit-alarm-reset = mae ei chadwyn yn dechrau o’r newydd
audit-alarm-bad-mac = newidiwyd cofnod, neu eiddo rhywun arall ydyw
audit-alarm-unreadable = ni ellir darllen cofnod
audit-alarm-silent = ni ddaeth dim ers rhy hir
audit-alarm-truncated = ni ddaeth ei chofnodion diweddaraf
incident = Digwyddiad
times-shown = Sawl gwaith y’i dangoswyd
review-hint = Beth a edrychoch arno a’i ganfod.
review-save = Cofnodi’r adolygiad
review-saved = Cofnodwyd yr adolygiad.

## Sync and health
sync-trouble = Dywedodd yr ymgais ddiwethaf:
device-alarm = Cododd y ddyfais hon rybudd:
restore-unsigned = Aeth y gweinydd yn ôl i gopi wrth gefn, ac nid oes gweinyddwr wedi dweud bod hynny’n fwriadol.
equivocations =
    { $n ->
       *[other] Ysgrifennodd { $n } dyfais ddau beth gwahanol mewn un lle: a gawsant eu copïo?
    }
sync-now = Cydamseru nawr
verify-now = Gwirio popeth
health-figures = Ar y ddyfais hon
figure-unsent = Cofnodion heb eu hanfon eto
figure-to-send = Newidiadau i’w hanfon
figure-refused = Gwrthodwyd gan y gweinydd, cedwir yma
figure-waiting = Yn aros am rywbeth nad yw wedi dod
figure-set-aside = Wedi’i roi o’r neilltu i berson
figure-conflicts = Dogfennau lle mae ymweliadau’n anghytuno
figure-homes = Cartrefi
figure-people = Pobl
figure-documents = Dogfennau
time-over = Daw amser y ddyfais hon i ben { $at }.
watching-yes = Mae’r gweinydd yn dweud ar unwaith pan fydd rhywbeth newydd.
watching-no = Mae’r ddyfais hon yn gofyn yn awr ac yn y man a oes rhywbeth newydd.
synced = Wedi cydamseru. Anfonwyd: { $sent }, derbyniwyd: { $received }.
verified = Mae popeth yn dal. Darnau dan sêl: { $envelopes }, dogfennau: { $documents }.
verify-faults =
    { $n ->
       *[other] Nid yw { $n } peth yn dal: dywedwch wrth weinyddwr.
    }
tray = Daeth, ac nid yw mewn cofnod
tray-text = Ni theflir dim. Mae’n aros, neu rhaid i berson edrych arno.
tray-log-ahead = mae’n enwi rhestr aelodau fwy newydd: cydamserwch
tray-chain-gap = nid yw un cynharach o’r un ddyfais wedi dod
tray-no-key = nid oes gan y ddyfais hon allwedd iddo eto
tray-missing-dependencies = mae’n adeiladu ar newidiadau nad ydynt wedi dod
tray-newer-version = mae fersiwn mwy newydd o’r rhaglen hon yn ei ddarllen: diweddarwch
tray-unknown-author = nid yw ei dyfais yn aelod
tray-not-entitled = ni chaiff ei dyfais ysgrifennu yno
tray-signature = nid yw ei lofnod yn dal
tray-fork = ysgrifennodd ei dyfais ddau wahanol mewn un lle
tray-past-cut = ysgrifennwyd ar ôl i’w dyfais golli’r hawl i ysgrifennu: gall desg gweinyddwr ei dderbyn
tray-other-epoch = seliwyd o dan allwedd amser arall
tray-erased = dilëwyd ei gofnod
tray-seal = nid yw ei sêl yn agor
tray-payload = ni ellir darllen yr hyn sydd ynddo
tray-seat = nid yw ei weithiwr yn hysbys, neu ni lofnododd ef
tray-seat-ended = roedd sedd ei weithiwr wedi dod i ben pan seliwyd ef
tray-actor = mae newid ynddo gan rywun arall
tray-changes = nid yw ei newidiadau’n ffitio’r cofnod
tray-other-partnership = mae’n perthyn i bartneriaeth arall
tray-kept = cedwir

## The PIN
pin = PIN
pin-text = Mae’r hyn sydd dan sêl yn agor â’ch PIN. Nid oes angen un ar y blwch tân, chwilio nac ymweliadau.
pin-none = Nid oes PIN ar y ddyfais hon.
pin-unlocked = Wedi’i datgloi. Mae’n cloi ei hun pan na fydd neb yn ei defnyddio.
pin-locked = Wedi’i chloi: mae’r hyn sydd dan sêl yn agor â PIN.
pin-choose = Dewis PIN
pin-save = Cadw’r PIN
pin-set = Mae’r PIN wedi’i osod.
pin-hint = Y PIN a ddewisoch ar y ddyfais hon.
new-pin-hint = 4 i 12 digid. Mae’n aros ar y ddyfais hon.
unlock = Datgloi
unlocked-now = Datglowyd.
lock-now = Cloi nawr
locked-now = Clowyd.

## Codes of the record
tenure-owner-occupied = yn eiddo i’r preswylydd
tenure-council = rhentir gan gyngor
tenure-housing-association = rhentir gan gymdeithas dai
tenure-private-rent = rhentir yn breifat
tenure-sheltered = gwarchod
tenure-temporary = dros dro
tenure-leasehold = lesddaliad
exit-state-clear = clir
exit-state-restricted = cyfyngedig
exit-state-blocked = wedi’i rhwystro
telecare-none = dim
telecare-present = yno
telecare-linked-to-detection = wedi’i gysylltu â chanfod mwg
presence-present = yno
presence-absent = chwiliwyd, dim
severity-low = isel
severity-medium = canolig
severity-high = uchel
severity-emergency = argyfwng
hazard-state-open = ar agor
hazard-state-action-agreed = cytunwyd ar waith
hazard-state-made-safe = wedi’i wneud yn ddiogel
hazard-state-resolved = wedi’i ddatrys
hazard-state-disputed = mewn anghydfod
scope-dwelling = yn yr annedd
scope-common-part = yn y rhannau cyffredin
scope-building = yr adeilad
scope-curtilage = tir y cartref
scope-street = y stryd
method-tape = â thâp
method-laser = â laser
method-instrument = ag offeryn
method-estimated = â’r llygad
equipment-kind-oxygen-concentrator = crynodydd ocsigen
equipment-kind-oxygen-cylinder = silindr ocsigen
equipment-kind-gas-cylinder = silindr nwy
equipment-kind-ventilator = peiriant anadlu
equipment-kind-hoist = teclyn codi
equipment-kind-ceiling-hoist = teclyn codi nenfwd
equipment-kind-bariatric = gwely neu gadair fariatrig
equipment-kind-hospital-bed = gwely ysbyty
equipment-kind-airflow-mattress = matres llif aer
equipment-kind-walking-frame = ffrâm gerdded
equipment-kind-wheelchair = cadair olwyn
equipment-kind-powered-wheelchair = cadair olwyn drydan
equipment-kind-mobility-scooter = sgwter symudedd
equipment-kind-e-bike = e-feic neu e-sgwter
equipment-kind-stair-lift = lifft grisiau
equipment-kind-through-floor-lift = lifft trwy’r llawr
equipment-kind-bath-lift = lifft bath
equipment-kind-perching-stool = stôl glwydo
equipment-kind-commode = comôd
equipment-kind-toilet-frame = sedd neu ffrâm doiled uwch
equipment-kind-grab-rail = canllaw gafael
equipment-kind-unlisted = rhywbeth arall
equipment-state-in-use = defnyddir
equipment-state-not-in-use = yno, ni ddefnyddir
equipment-state-faulty = diffygiol
equipment-state-removed = wedi’i symud ymaith
adaptation-status-recommended = argymhellwyd
adaptation-status-agreed = cytunwyd
adaptation-status-ordered = archebwyd
adaptation-status-installed = gosodwyd
adaptation-status-declined = gwrthodwyd
adaptation-status-removed = tynnwyd
room-kind-bedroom = ystafell wely
room-kind-kitchen = cegin
room-kind-living-room = ystafell fyw
room-kind-hall = cyntedd neu risiau
room-kind-elsewhere = ystafell arall
alarm-kind-smoke = larwm mwg
alarm-kind-heat = larwm gwres
alarm-kind-carbon-monoxide = larwm carbon monocsid
alarm-state-none = dim
alarm-state-present = yno, heb ei brofi
alarm-state-tested = wedi’i brofi
alarm-state-replaced = newydd ei osod
alarm-state-faulty = ddim yn gweithio
visit-kind-safe-and-well = Ymweliad Diogel ac Iach
visit-kind-ot-assessment = Asesiad cartref ThG
visit-kind-adaptation = Addasiad
visit-kind-stock-condition = Arolwg cyflwr stoc
visit-kind-hhsrs-inspection = Arolygiad HHSRS
visit-kind-follow-up = Dilyniant
outcome-done = wedi’i wneud
outcome-partial = gwnaed rhan ohono
outcome-no-access = neb gartref
outcome-refused = gwrthodwyd
visit-state-draft = yn cael ei gofnodi
visit-state-submitted = wedi’i gyflwyno
visit-state-returned = dychwelwyd atoch
visit-state-reconciled = wedi’i gysoni
flag-kind-no-visit-alone = Ymweld mewn parau
flag-kind-asb-no-visit-alone = Ymweld mewn parau: ymddygiad gwrthgymdeithasol
flag-kind-contact-for-details = Gofyn cyn ymweliad
flag-kind-operative-gender-restriction = Gweithwyr o un rhywedd yn unig
flag-kind-refused-access = Gwrthodwyd mynediad
flag-kind-asbestos-present = Asbestos
flag-kind-restricted-access = Mynediad cyfyngedig
flag-kind-dangerous-animal = Anifail peryglus
flag-kind-oxygen-on-site = Ocsigen yn y cartref
flag-kind-cannot-self-evacuate = Rhywun yn methu gadael heb gymorth
flag-kind-key-safe = Blwch allwedd
channel-phone = ffôn
channel-mobile = ffôn symudol
channel-work-phone = ffôn gwaith
channel-email = e-bost
channel-letter = llythyr
channel-text-relay = cyfnewid testun
occupancy-kind-main = yn byw yma
occupancy-kind-temporary = yma am gyfnod
occupancy-kind-mailing = ar gyfer llythyrau
occupancy-kind-previous = bu’n byw yma
occupancy-role-tenant = tenant
occupancy-role-joint-tenant = cyd-denant
occupancy-role-household-member = aelod o’r aelwyd
occupancy-role-owner = perchennog
occupancy-role-leaseholder = lesddeiliad
occupancy-role-lodger = lletywr
occupancy-role-live-in-carer = gofalwr sy’n byw i mewn
need-kind-large-print = print bras
need-kind-braille = Braille
need-kind-audio = sain
need-kind-easy-read = hawdd ei ddarllen
need-kind-electronic-text = testun electronig
need-kind-bsl = Iaith Arwyddion Prydain
need-kind-lip-reading = darllen gwefusau
need-kind-hearing-aid = dolen neu gymorth clyw
need-kind-text-not-phone = testun, nid ffôn
need-kind-phone-not-letter = ffôn, nid llythyrau
need-kind-plain-speech = siarad yn araf ac yn glir
need-kind-more-time = mwy o amser
need-kind-companion = rhywun gyda nhw
need-kind-advocate = eiriolwr
need-kind-time-to-door = amser i ddod at y drws
need-kind-how-to-knock = sut i guro
need-kind-call-first = ffonio cyn dod
need-kind-sensory-calm = tawel, golau isel, dim torf
need-kind-communication-aid = llyfr neu ddyfais gyfathrebu
need-kind-unlisted = rhywbeth arall
doing-walk = cerdded
doing-transfer = symud rhwng gwely, cadair, toiled
doing-stairs = grisiau
doing-hear = clywed larwm
doing-see = gweld
doing-wake = deffro i larwm
doing-understand = deall a gweithredu
doing-self-evacuate = gadael y cartref
doing-call-for-help = galw am help
doing-without-equipment = byw heb offer trydanol
level-independent = heb gymorth
level-with-equipment = gydag offer
level-with-help = gyda help
level-cannot = methu
constancy-constant = bob amser
constancy-fluctuating = mae’n amrywio
constancy-temporary = am gyfnod
note-kind-assessment = asesiad
note-kind-capacity = galluedd ar gyfer un penderfyniad
note-kind-general = nodyn
source-observed = gwelwyd
source-told-by-resident = dywedodd y preswylydd
source-told-by-other = dywedodd rhywun arall
source-imported = mewnforiwyd
confidence-sure = sicr
confidence-likely = tebygol
confidence-unsure = i’w wirio
violence-kind-towards-staff = tuag at staff
violence-kind-household = ar yr aelwyd
violence-kind-weapon = arf
violence-kind-animal = anifail a yrrir at bobl
violence-kind-threats = bygythiadau
pointer-kind-police = heddlu
pointer-kind-safeguarding-adults = diogelu oedolion
pointer-kind-safeguarding-children = diogelu plant
pointer-kind-marac = cynhadledd risg (MARAC)
pointer-kind-probation = prawf
glass-reason-incident = Digwyddiad yn y cyfeiriad hwn
glass-reason-welfare = Bywyd neu iechyd mewn perygl
glass-reason-staff-safety = Cyn i staff fynd i mewn
glass-reason-other = Rheswm arall
review-justified = Roedd yn iawn
review-not-justified = Nid oedd yn iawn
review-escalated = Trosglwyddwyd
class-index = pa gartref, baneri
class-home = peryglon, ymweliadau
class-fire = blwch tân
class-sealed = manylion dan sêl
class-identity = pwy yw pobl
class-communication = beth sydd ei angen ar bobl
class-function = beth y gall pobl ei wneud
class-network = aelwyd, dirprwyon
class-health-id = rhif GIG
class-protected = gwarchodedig
class-register = cofrestri
class-directory = enwau
class-audit = pwy ddarllenodd beth
tongue-en = Saesneg
tongue-cy = Cymraeg
tongue-pl = Pwyleg
tongue-ur = Wrdw
tongue-bn = Bengaleg
tongue-ar = Arabeg
tongue-so = Somaleg
tongue-tr = Tyrceg
tongue-ro = Rwmaneg
tongue-pa = Pwnjabeg
tongue-bfi = Iaith Arwyddion Prydain
scheme-fire-v1 = Diogelwch tân yn y cartref
scheme-ot-v1 = Therapi galwedigaethol
scheme-hhsrs-2026 = Peryglon tai (Lloegr, o Fehefin 2026)
scheme-hhsrs-2005 = Peryglon tai (rhestr 2005; Cymru)
collection-dwelling = Annedd
collection-hazards = Perygl
collection-measurements = Mesuriad
collection-equipment = Offer
collection-adaptations = Addasiad
collection-clutter = Annibendod
collection-alarms = Larwm
collection-visits = Ymweliad
collection-alerts = Rhybudd
collection-property = Cartref
collection-history = Hanes
collection-flags = Baner
collection-facts = Blwch tân
collection-person = Person
collection-contacts = Man cyswllt
collection-occupancies = Cyfeiriad
collection-language = Iaith
collection-needs = Angen
collection-abilities = Beth y gallant ei wneud
collection-notes = Nodyn
purpose-prevention = atal a gofal
purpose-housing = cyflwr tai
purpose-emergency = argyfwng
trace-status-01 = wedi’i ddilysu
trace-status-02 = yno, heb ei olrhain
trace-status-03 = angen ei olrhain
trace-status-04 = dim cyfatebiaeth, neu sawl un
trace-status-05 = gwrthdaro i’w ddatrys
trace-status-06 = yn cael ei olrhain
trace-status-07 = nid yw yno, ac nid oes ei angen
trace-status-08 = gohiriwyd
concern-kind-domestic-abuse = cam-drin domestig
concern-kind-abuse = cam-drin gan eraill
concern-kind-neglect = esgeulustod gan eraill
concern-kind-self-neglect = hunanesgeulustod, celcio
concern-kind-financial = arian wedi’i gymryd
concern-kind-cuckooing = cartref wedi’i feddiannu gan eraill
concern-kind-child = plentyn mewn perygl
concern-kind-honour-based = priodas dan orfod, cam-drin ar sail anrhydedd
concern-kind-modern-slavery = caethwasiaeth fodern
concern-kind-unlisted = rhywbeth arall
agreement-not-asked = heb ofyn
agreement-given = cytunwyd
agreement-expired = daeth i ben: gofynnwch eto
agreement-refused = gwrthodwyd
agreement-withdrawn = tynnwyd yn ôl
consent-scope-share-with-fire = Dweud wrth griwiau tân beth y gallant ei wneud
consent-scope-evacuation-plan = Cynllun gadael i’r awdurdod tân
consent-scope-share-with-landlord = Dweud wrth y landlord
consent-scope-share-with-health = Dweud wrth wasanaethau iechyd
consent-scope-share-with-volunteers = Dweud wrth elusennau a gwirfoddolwyr
consent-scope-share-with-family = Dweud wrth ofalwr neu deulu
consent-scope-photographs = Ffotograffau o’r cartref
consent-scope-follow-up-contact = Cael galwad neu lythyr wedyn
consent-means-share-with-fire = Dywedir wrth griwiau tân ac ymwelwyr y gwasanaeth tân a allant fynd allan ar eu pennau eu hunain, a byth pam.
consent-means-evacuation-plan = Caiff yr awdurdod tân bedair ffaith: fflat, llawr, faint o gymorth, ac a oes datganiad.
consent-means-share-with-landlord = Gellir dweud wrth eu landlord yr hyn a gofnodwyd yma.
consent-means-share-with-health = Gellir dweud wrth wasanaethau iechyd yr hyn a gofnodwyd yma.
consent-means-share-with-volunteers = Gellir dweud wrth elusennau a gwirfoddolwyr yr hyn a gofnodwyd yma.
consent-means-share-with-family = Gellir dweud wrth eu gofalwr neu eu teulu yr hyn a gofnodwyd yma.
consent-means-photographs = Gellir tynnu a chadw ffotograffau o’r cartref.
consent-means-follow-up-contact = Gall rhywun ffonio neu ysgrifennu ar ôl yr ymweliad.
consent-decision-given = cytuno
consent-decision-refused = gwrthod
consent-method-spoken = wyneb yn wyneb
consent-method-phone = dros y ffôn
consent-method-signed = ar bapur, wedi’i lofnodi
consent-method-electronic = ar sgrin
consent-method-proxy = gan ddirprwy
relation-partner = partner
relation-parent = rhiant
relation-child = mab neu ferch
relation-sibling = brawd neu chwaer
relation-relative = perthynas
relation-friend = ffrind
relation-neighbour = cymydog
relation-carer = gofalwr
relation-lodger = lletywr neu gyd-breswylydd
relation-unlisted = rhywun arall
proxy-kind-attorney-welfare = atwrnai dros iechyd a lles
proxy-kind-attorney-property = atwrnai dros eiddo ac arian
proxy-kind-deputy-welfare = dirprwy’r llys, lles
proxy-kind-deputy-property = dirprwy’r llys, eiddo
proxy-kind-appointee = penodai ar gyfer budd-daliadau
proxy-kind-advocate = eiriolwr
proxy-kind-parental-responsibility = rhiant plentyn
proxy-kind-informal = gofynnwyd gan y person
proxy-evidence-document-seen = gwelwyd y papur
proxy-evidence-register-checked = gwiriwyd y gofrestr
proxy-evidence-person-said = y person a ddywedodd
proxy-evidence-proxy-said = dim ond y dirprwy a ddywedodd
share-everyone = pawb sy’n ymweld neu’n ffonio
share-care = iechyd a gofal cymdeithasol
share-recorder-only = fy sefydliad i yn unig
said-by-person = y person
said-by-carer = gofalwr
said-by-professional = gweithiwr proffesiynol
said-by-record = cofnod
condition-source-nhs-record = cofnod y GIG
condition-source-self-report = y person
condition-source-carer = gofalwr
condition-source-professional = gweithiwr proffesiynol

## Fields
field-access_notes = Sut i fynd i mewn
field-anchored = Graddiwyd yn erbyn y lluniau
field-area = Ardal
field-attic = Atig
field-aware_at = Y landlord yn gwybod ers
field-basement = Islawr
field-bathrooms = Ystafelloedd ymolchi
field-bedrooms = Ystafelloedd gwely
field-blpu_class = Math o eiddo
field-born = Dyddiad geni
field-building = Enw’r adeilad
field-built_year = Blwyddyn adeiladu
field-channel = Sianel
field-code = Cod
field-confidence = Pa mor sicr
field-constancy = Pa mor gyson
field-construction = Adeiladwaith
field-contact = Cyswllt
field-country = Gwlad
field-decided_by = Penderfynwyd gan
field-decision = Penderfyniad
field-detail = Manylion
field-died = Dyddiad marw
field-ended_at = Daeth i ben
field-ended_by = Daethpwyd ag ef i ben gan
field-ended_on = Tan
field-ended_why = Pam y daeth i ben
field-ethnicity = Ethnigrwydd
field-exit = Allanfa’r ystafell
field-expires = Cyfnewid erbyn
field-feature = Beth a fesurwyd
field-floor = Llawr
field-follow_up = Beth sy’n dilyn
field-forename = Enw cyntaf cyfreithiol
field-from = Ers
field-gender = Rhywedd
field-habitable_rooms = Ystafelloedd y gellir byw ynddynt
field-heating = Gwres
field-installed = Gosodwyd
field-interpreter = Angen cyfieithydd
field-interpreter_language = Iaith y cyfieithydd
field-investigated_at = Ymchwiliwyd
field-key_safe = Blwch allwedd
field-kind = Math
field-kitchens = Ceginau
field-label = Enw
field-landlord = Landlord
field-lat = Lledred
field-level = Pa mor dda
field-lift = Lifft
field-line = Cyfeiriad
field-locality = Ardal leol
field-lon = Hydred
field-main_exit = Prif allanfa
field-main_exit_note = Am y brif allanfa
field-met = Pwy a gyfarfuoch
field-method = Sut y’i mesurwyd
field-middle_names = Enwau canol
field-note = Nodyn
field-number = Rhif
field-observed_at = Gwelwyd
field-on = Ers
field-organisation = Sefydliad
field-other = Yr eiddo arall
field-outcome = Sut y daeth i ben?
field-owner = Eiddo pwy
field-parent = Adeilad
field-people_inside = Pobl fel arfer yn y cartref
field-person_told = Dywedwyd wrth y person
field-postcode = Cod post
field-preference = Trefn dewis
field-preferred_name = Enw a ffefrir
field-pronouns = Rhagenwau
field-property = Cartref
field-provisional = Dros dro
field-purpose = Diben
field-quantity = Pa fesur
field-raised_on = Gosodwyd ar
field-rating = Gradd
field-reference = Cyfeirnod
field-relationship = Perthynas
field-reviewed_at = Adolygwyd
field-review_due = Adolygu erbyn
field-role = Rôl
field-room = Ystafell
field-room_kind = Math o ystafell
field-rule = Rheol
field-safe_load_kg = Llwyth gweithio diogel, kg
field-safety_work_identified_at = Angen gwaith diogelwch ers
field-said_by = Pwy ddywedodd hynny
field-scheme = Rhestr
field-scope = Ble
field-service_due = Gwasanaeth erbyn
field-severity = Pa mor ddrwg
field-share = Rhennir â
field-snomed = Cod SNOMED CT
field-source = Sut y mae’n hysbys
field-source_class = Cyhoeddwyd o
field-source_document = Ffynhonnell
field-source_log = Safle log y ffynhonnell
field-source_zone = Parth y ffynhonnell
field-source_row = Rhes y ffynhonnell
field-spoken = Iaith lafar
field-sprinkler = Chwistrellwr
field-standing = Beth ddaeth ohono
field-started_at = Dechreuodd
field-state = Cyflwr
field-status = Pa mor bell y mae
field-storeys = Lloriau
field-street = Stryd
field-subject = Ynghylch
field-surname = Cyfenw cyfreithiol
field-telecare = Teleofal
field-tenure = Deiliadaeth
field-text = Testun
field-title = Teitl
field-to = Tan
field-town = Tref
field-unit = Uned
field-uprn = UPRN
field-value = Ffigur
field-visit = Ymweliad
field-visitor = Ymwelydd
field-what = Beth
field-whose = Eiddo pwy
field-worker = Gweithiwr
field-written = Iaith ysgrifenedig
field-search = Chwilio
field-pin = PIN
field-reason = Rheswm
field-why = Pam, mewn geiriau
field-incident = Rhif y digwyddiad
field-alarm_kind = Pa larwm
field-alarm_state = Beth a ganfuoch neu a wnaethoch
field-equipment_kind = Pa offer
field-equipment_state = Ei gyflwr
field-room_other = Ystafell, yn eich geiriau chi
field-end_reason = Pam
field-device_name = Enw’r ddyfais
field-review = Canlyniad yr adolygiad
field-visit_note = Nodyn i’r ymwelydd
field-review_note = Nodyn
field-seat = PIN pwy
field-new_pin = PIN newydd
field-new_pin_again = Yr un PIN eto
field-photo = Tynnu ffotograff
field-photo_file = Neu ddewis un sydd yno
field-photo_note = Beth mae’n ei ddangos
field-hazard_now = Sut mae hi nawr? Mae hyn yn ei gadw.
field-hazard_scope = Ble mae e
field-person = Am bwy
field-answer = Ateb
field-contact_value = Rhif neu gyfeiriad
field-contact_when = Pryd i’w ddefnyddio
field-contact_safe = Diogel i’w ddefnyddio?
field-need_kind = Beth sydd ei angen arnynt
field-doing = Beth
field-note_kind = Math o nodyn
field-note_text = Y nodyn
field-capacity_decision = Ar gyfer galluedd: pa benderfyniad
field-support = Beth a’u helpodd i benderfynu
field-assessed_by = Pwy a’i hasesodd, ym mha rôl
field-adults = Oedolion, gan gynnwys y person
field-children = Plant
field-lives_alone = Yn byw ar ei ben ei hun?
field-live_in_carer = A oes gofalwr yn byw i mewn?
field-pets = Anifeiliaid anwes
field-name = Enw
field-relation = Beth ydynt i’r person
field-born_year = Blwyddyn geni, neu oddeutu
field-phone = Ffôn
field-email = E-bost
field-emergency_contact = Ffonio mewn argyfwng?
field-key_holder = Yn dal allwedd?
field-next_of_kin = Perthynas agosaf?
field-main_carer = Prif ofalwr?
field-told = A ydynt yn gwybod eu bod wedi’u cofnodi yma?
field-proxy_kind = Beth sy’n caniatáu iddynt siarad
field-proxy_scope = Am beth
field-proxy_evidence = Beth a welsoch ohono
field-checked_on = Pryd yr edrychwyd arno
field-reach = Sut i gysylltu â nhw
field-until = Yn dal tan
field-service = Gwasanaeth
field-their_role = Eu rôl
field-last_involved = Yn ymwneud ddiwethaf
field-wording = Geiriad
field-consent_decision = Beth ddywedasant?
field-consent_method = Sut y dywedasant hynny?
field-consent_proxy = Pa ddirprwy
field-consent_contact = Pwy i’w holi yn lle hynny
field-consent_evidence = Beth sy’n ei ddangos
field-consent_expires = Cytunwyd tan
field-withdrawn_how = Sut y dywedasant hynny?
field-look_purpose = Pam ydych chi’n edrych?
field-nhs_number = Rhif GIG
field-trace_status = Pa mor bell y’i holrheiniwyd
field-traced_status = Beth ddaeth ohono
field-traced_by = Pwy ofynnodd
field-trace_reference = Cyfeirnod y cais
field-protected_note = Y nodyn
field-concern_kind = Rhag beth y mae angen eu gwarchod
field-concern_detail = Yr hyn sy’n hysbys
field-precaution = Yr hyn y mae’n rhaid i ymwelydd ei wneud, a pheidio â’i wneud
field-concern_holder = Pwy sy’n ei ddal
field-concern_reference = Eu cyfeirnod
field-concern_review = Edrych arno eto erbyn
field-withdrawn_by = Pwy sy’n cofnodi hyn

## Hazards
hazard-hhsrs-2026-1 = Syrthio ar y gwastad
hazard-hhsrs-2026-2 = Syrthio ar risiau
hazard-hhsrs-2026-3 = Syrthio rhwng lefelau
hazard-hhsrs-2026-4 = Tân a ffrwydradau
hazard-hhsrs-2026-5 = Fflamau ac arwynebau poeth
hazard-hhsrs-2026-6 = Gwrthdaro, caethiwo, ergonomeg
hazard-hhsrs-2026-7 = Cwymp strwythurol, elfennau’n disgyn
hazard-hhsrs-2026-8 = Peryglon trydanol
hazard-hhsrs-2026-9 = Oerni gormodol
hazard-hhsrs-2026-10 = Ymbelydredd
hazard-hhsrs-2026-11 = Lleithder a llwydni
hazard-hhsrs-2026-12 = Plwm
hazard-hhsrs-2026-13 = Llygryddion aer dan do
hazard-hhsrs-2026-14 = Gwres gormodol
hazard-hhsrs-2026-15 = Asbestos a ffibrau mwynol
hazard-hhsrs-2026-16 = Hylendid domestig
hazard-hhsrs-2026-17 = Cyflenwad dŵr
hazard-hhsrs-2026-18 = Gorlenwi a lle
hazard-hhsrs-2026-19 = Mynediad gan dresmaswyr
hazard-hhsrs-2026-20 = Sŵn
hazard-hhsrs-2026-21 = Goleuo a golygfeydd
hazard-hhsrs-2005-1 = Lleithder a llwydni
hazard-hhsrs-2005-2 = Oerni gormodol
hazard-hhsrs-2005-3 = Gwres gormodol
hazard-hhsrs-2005-4 = Asbestos a ffibrau mwynol
hazard-hhsrs-2005-5 = Bywleiddiaid
hazard-hhsrs-2005-6 = Carbon monocsid, cynhyrchion hylosgi
hazard-hhsrs-2005-7 = Plwm
hazard-hhsrs-2005-8 = Ymbelydredd
hazard-hhsrs-2005-9 = Nwy tanwydd heb ei losgi
hazard-hhsrs-2005-10 = Cyfansoddion organig anweddol
hazard-hhsrs-2005-11 = Gorlenwi a lle
hazard-hhsrs-2005-12 = Mynediad gan dresmaswyr
hazard-hhsrs-2005-13 = Goleuo
hazard-hhsrs-2005-14 = Sŵn
hazard-hhsrs-2005-15 = Hylendid, plâu, sbwriel
hazard-hhsrs-2005-16 = Diogelwch bwyd
hazard-hhsrs-2005-17 = Hylendid personol, draenio
hazard-hhsrs-2005-18 = Cyflenwad dŵr
hazard-hhsrs-2005-19 = Syrthio wrth faddonau
hazard-hhsrs-2005-20 = Syrthio ar y gwastad
hazard-hhsrs-2005-21 = Syrthio ar risiau
hazard-hhsrs-2005-22 = Syrthio rhwng lefelau
hazard-hhsrs-2005-23 = Peryglon trydanol
hazard-hhsrs-2005-24 = Tân
hazard-hhsrs-2005-25 = Fflamau ac arwynebau poeth
hazard-hhsrs-2005-26 = Gwrthdaro a chaethiwo
hazard-hhsrs-2005-27 = Ffrwydradau
hazard-hhsrs-2005-28 = Safle amwynderau
hazard-hhsrs-2005-29 = Cwymp strwythurol, elfennau’n disgyn
hazard-fire-v1-smoking = Deunyddiau ysmygu
hazard-fire-v1-scorch-marks = Marciau llosg
hazard-fire-v1-home-oxygen = Ocsigen yn y cartref
hazard-fire-v1-emollient-creams = Eli â pharaffin
hazard-fire-v1-airflow-mattress = Matres llif aer
hazard-fire-v1-incontinence-products = Cynhyrchion anymataliaeth wedi’u storio
hazard-fire-v1-cannot-escape = Methu dianc heb gymorth
hazard-fire-v1-cannot-call = Methu galw am help
hazard-fire-v1-hearing = Methu clywed larwm
hazard-fire-v1-sight = Golwg gwael
hazard-fire-v1-cooking-cognition = Anghofio wrth goginio
hazard-fire-v1-sedation = Alcohol, cyffuriau, meddyginiaeth tawelu
hazard-fire-v1-smoke-alarm = Larwm mwg ar goll neu’n ddiffygiol
hazard-fire-v1-heat-alarm = Larwm gwres ar goll neu’n ddiffygiol
hazard-fire-v1-telecare-unlinked = Teleofal heb gyswllt â chanfod
hazard-fire-v1-clutter = Annibendod
hazard-fire-v1-exit-blocked = Allanfa wedi’i rhwystro
hazard-fire-v1-portable-heater = Gwresogydd cludadwy
hazard-fire-v1-candles = Canhwyllau
hazard-fire-v1-e-bike = Gwefru e-feic neu e-sgwter
hazard-fire-v1-unattended-cooking = Coginio heb neb yn gwylio
hazard-fire-v1-overloaded-sockets = Socedi wedi’u gorlwytho
hazard-fire-v1-previous-fire = Tân blaenorol
hazard-fire-v1-arson-threat = Bygythiad o dân bwriadol
hazard-fire-v1-hoist-rescue = Achub angen teclyn codi neu dîm bariatrig
hazard-fire-v1-ventilator = Peiriant anadlu
hazard-fire-v1-gas-cylinders = Silindrau nwy
hazard-fire-v1-explosives = Bwledi neu gemegau
hazard-fire-v1-dangerous-dog = Ci peryglus
hazard-ot-v1-floors = Lloriau a llwybrau
hazard-ot-v1-mats = Matiau rhydd
hazard-ot-v1-bed-transfer = Mynd i’r gwely ac oddi arno
hazard-ot-v1-chair-transfer = Codi o gadair
hazard-ot-v1-toilet-transfer = Mynd ar y toiled ac oddi arno
hazard-ot-v1-bath-transfer = Mynd i’r bath ac ohono
hazard-ot-v1-shower-transfer = Mynd i’r gawod ac ohoni
hazard-ot-v1-grab-rails = Canllawiau gafael
hazard-ot-v1-stair-rails = Canllawiau grisiau
hazard-ot-v1-stair-edges = Ymylon grisiau
hazard-ot-v1-lighting = Goleuo
hazard-ot-v1-switches = Cyrraedd switshis
hazard-ot-v1-kitchen-reach = Cyrraedd yn y gegin
hazard-ot-v1-carrying = Cario
hazard-ot-v1-entrance-steps = Grisiau mynediad
hazard-ot-v1-paths = Llwybrau
hazard-ot-v1-thresholds = Trothwyon
hazard-ot-v1-footwear = Esgidiau
hazard-ot-v1-pets = Anifeiliaid anwes dan draed

## Several devices on one machine
street = Pedair dyfais, un bartneriaeth
street-text = Mae pob un yn agor fel tudalen ei hun. Torrwch signal un, cofnodwch rywbeth, ac adferwch ef.

## Protecting an address
protection = Cyfeiriad wedi’i warchod
protection-begin = Gwarchod y cyfeiriad
protection-end = Dod â’r warchodaeth i ben
protection-text = O’r eiliad y gwnewch hyn, nid oes rhestr, chwiliad, tudalen nac adroddiad yn dweud ble mae’r person hwn. Dywedir wrth griwiau yr hyn sydd ei angen arnynt yn y cartref, heb enwi neb.
protection-contact-hint = Pwy i’w holi yn lle chwilio am y person: enw neu dîm, gyda rhif.
protection-from-hint = Gadewch ef yn wag ar gyfer heddiw.
protection-holds = Mae cyfeiriad y person hwn wedi’i warchod.
protection-end-text = Lle mae’r ddyfais hon yn cadw’r cyfeiriad, daw yn ôl i’r cofnod agored. Fel arall, gofynnwch i’r person ble mae’n byw.
protection-unlock = Mae’r ddyfais hon yn cadw cyfeiriadau wedi’u gwarchod. Datglowch hi yn gyntaf, fel bod y cyfeiriad yn symud yn yr un cam.
protection-begun = Mae’r cyfeiriad wedi’i warchod. Nid yw yn unman yn agored.
protection-begun-left = Mae’r cyfeiriad wedi’i warchod, ac wedi’i guddio rhag pawb. Mae’r tîm sy’n cadw cyfeiriadau wedi’u gwarchod yn ei symud drwy wneud yr un peth wrth ei ddesg.
protection-move = Symud y cyfeiriad dan warchodaeth
protection-move-text = Lle na allai dyfais arall ond cuddio’r cyfeiriad, mae hon yn ei symud i’r man lle y’i cedwir.
protection-ended = Mae’r warchodaeth wedi dod i ben. Mae’r man lle mae’r person yn byw yn y cofnod agored eto.
protection-ended-ask = Mae’r warchodaeth wedi dod i ben. Gofynnwch i’r person ble mae’n byw, a chofnodwch hynny.
field-protected_by = Pwy benderfynodd
field-protected_contact = Pwy i’w holi yn lle hynny
field-protected_from = Ers pryd

## What was recorded by mistake
mistakes = Cofnodwyd drwy gamgymeriad
mistakes-text = Yr hyn a dynnwyd yn ôl, a pham. Mae’n aros yn yr hanes, ac ni ddywedir wrth griwiau amdano mwyach.
mistakes-none = Ni thynnwyd dim yn ôl yma.
mistakes-count =
    { $n ->
        [zero] ni thynnwyd dim yn ôl
        [one] tynnwyd 1 ffaith yn ôl
        [two] tynnwyd 2 ffaith yn ôl
        [few] tynnwyd { $n } ffaith yn ôl
        [many] tynnwyd { $n } ffaith yn ôl
       *[other] tynnwyd { $n } o ffeithiau yn ôl
    }
mistake-take-back = Cofnodwyd drwy gamgymeriad?
mistake-take-back-what = Cofnodwyd drwy gamgymeriad? { $what }
mistake-take-back-now = Ei dynnu’n ôl
mistake-text = Nid yw’n cael ei ddangos mwyach, ac ni ddywedir wrth griwiau amdano mwyach. Mae’n aros yn yr hanes, a gellir gadael iddo sefyll wedi’r cyfan.
mistake-text-dwelling = Nid yw’n hysbys wedyn, nes i rywun ei ddweud eto, ac ni ddywedir wrth griwiau amdano mwyach. Mae’n aros yn yr hanes, a gellir gadael iddo sefyll wedi’r cyfan.
mistake-why-hint = Er enghraifft: cofnodwyd yn y cartref anghywir.
mistake-taken-back = Tynnwyd ef yn ôl. Mae’n aros yn yr hanes.
mistake-answer = Tynnwyd yr ateb yn ôl.
mistake-undo = Gadael iddo sefyll wedi’r cyfan
mistake-undone = Mae’n sefyll eto.
decision-kind-mistaken = Cofnodwyd drwy gamgymeriad
field-mistake_why = Beth oedd o’i le arno

## What the history says of changes
standing-standing = yn sefyll
standing-demolished = wedi’i ddymchwel
standing-split = wedi’i rannu
standing-merged = wedi’i gyfuno
standing-matched = wedi’i baru â’i UPRN
history-kind-matched = wedi’i baru â’i UPRN
history-kind-reassigned = rhoddwyd ei UPRN o’r newydd
history-kind-split = wedi’i rannu
history-kind-merged = wedi’i gyfuno
history-kind-demolished = wedi’i ddymchwel
flag-subject-property = y cartref
flag-subject-person = person
flag-subject-household = yr aelwyd
challenge-raised = mae rhywun yn anghytuno
challenge-upheld = mae’r faner yn sefyll
challenge-accepted = roedd y gwrthwynebiad yn iawn
flag-end-reviewed = wedi’i adolygu
flag-end-mistaken = camgymeriad ydoedd
flag-end-source-ended = daeth yr hyn y daeth ohono i ben
band-high = uchel
band-medium = canolig
band-low = isel
band-category-1 = categori 1
band-category-2 = categori 2
fact-kind-people-inside = pobl y tu mewn
fact-kind-cannot-self-evacuate = ni all fynd allan ar ei ben ei hun
fact-kind-hoist-rescue = achub gyda theclyn codi
fact-kind-oxygen = ocsigen
fact-kind-cylinders = silindrau
fact-kind-explosives = ffrwydron
fact-kind-clutter = annibendod
fact-kind-exit-blocked = ffordd allan wedi’i rhwystro
fact-kind-violence-marker = risg o drais
fact-kind-dangerous-animal = anifail peryglus
fact-kind-alarms = larymau
fact-kind-telecare = teleofal
fact-kind-sprinkler = chwistrellwr
fact-kind-e-bike = e-feic neu e-sgwter
fact-kind-ignition = yr hyn a all gynnau tân
fact-kind-fuel = yr hyn sy’n llosgi’n hawdd
fact-kind-asbestos = asbestos
fact-kind-access = mynediad
fact-kind-key-safe = sêff allweddi
fact-kind-contact = pwy i’w holi
collection-decisions = Penderfyniad
collection-answers = Ateb
collection-steps = Cam cloc
collection-assessments = Asesiad
collection-photographs = Ffotograff
collection-conditions = Cyflwr
collection-household = Aelwyd
collection-members = Yn yr aelwyd
collection-people = Person pwysig
collection-proxies = Pwy gaiff siarad drostynt
collection-professionals = Gwasanaeth sy’n eu hadnabod
collection-consents = Cydsyniad
field-collection = Am ba ran
field-row = Am ba gofnod
field-field = Am ba faes
field-version = Fersiwn ei rhestr
field-versions = O ba werthoedd
field-other_row = Y cofnod arall
field-undoes = Yn dadwneud
field-follows = Yn dilyn
