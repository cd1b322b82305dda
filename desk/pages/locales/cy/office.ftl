### What the pages of the back office say, in Welsh. Numbers choose their form: zero, one, two, few (3), many (6), other.

## The frame
tab-register = Cofrestr
tab-reports = Adroddiadau

## Lists: narrowed, and gone on in
filter = Pa rai ohonynt
filter-show = Dangos y rhain
filter-all = Dangos y cyfan
filter-any = unrhyw un
filter-none = Nid oes dim yn cyfateb. Dangoswch y cyfan, neu gofynnwch am lai.
pager = Tudalennau pellach
pager-before = Y rhai cynt
pager-after = Y rhai nesaf
pager-shown = { $first } i { $last } o { $n }
todo-found =
    { $n ->
        [two] { $n } beth.
        [few] { $n } pheth.
        [many] { $n } pheth.
       *[other] { $n } peth.
    }
team-named = Tîm: { $team }
due-when-overdue = yn hwyr
due-when-soon = o fewn 7 diwrnod
sync-trouble-alarm = mae rhybudd yn sefyll
sync-trouble-not-sealed = newidiadau heb eu selio eto
sync-trouble-not-sent = gwaith nad yw’r gweinydd wedi’i dderbyn
sync-trouble-refused = gwaith a wrthododd y gweinydd
sync-trouble-waiting = yr hyn a ddaeth ac sy’n aros am rywbeth
sync-trouble-set-aside = yr hyn a ddaeth ac a roddwyd o’r neilltu
sync-trouble-unfinished-erasures = cofnodion wedi’u dileu i’w gorffen, dan “Cadw a dileu”
error-moment = Diwrnod ac amser, megis 2026-03-09T14:05.
error-later = Mae hynny’n hwyrach na nawr.
error-past = Mae’r diwrnod hwnnw wedi mynd heibio eisoes.
error-about-none = Nid oes dim ar y ddyfais hon yn cyfateb. Rhowch gynnig ar yr UPRN, neu lai o eiriau.
not-said = heb ei ddweud
field = Maes

## One dispute
said-at-visit = Yn
dispute-open = Ei weld yn gyfan, neu ysgrifennu gwerth arall
dispute-text = Mae pob colofn yn dangos y cofnod fel y gadawodd ei awdur ef. Mae ≠ yn nodi’r hyn sy’n wahanol i’r cofnod fel y mae nawr.
dispute-returned = Gofynnwyd i’r ymwelydd. Mae’n aros ar agor nes i rywun ei setlo.
dispute-settled = Mae hyn wedi’i setlo. Gellir dadwneud yr hyn a benderfynwyd isod.
dispute-side-by-side = Ochr yn ochr
dispute-side-by-side-text = Fel y gadawodd pob awdur ef; ac, yn olaf, fel y mae nawr â gwaith pawb ynghyd.
merged-view = Fel y mae nawr
dispute-keep = Cadw
dispute-settle = Ei setlo mewn ffordd arall
dispute-edit = Cofnodi’r gwerth hwn
dispute-return = Ei roi yn ôl i’r ymwelydd
dispute-return-now = Rhoi yn ôl
dispute-return-hint = Bydd yr ymwelydd yn ei ddarllen: dywedwch beth i edrych arno eto.
other-value-hint = Wedi gweld pob un ohonynt.
decision-note-hint = Pam, i bwy bynnag fydd yn edrych ar hyn yn ddiweddarach. Gellir ei adael yn wag.
reconcile-edited = { $field }: cofnodwyd y gwerth newydd. Mae’r lleill yn aros yn yr hanes.
reconcile-returned = { $field }: rhoddwyd yn ôl i’r ymwelydd. Mae’n aros ar agor nes ei setlo.
decided = Beth a benderfynwyd
decision-undo = Dadwneud
decision-undone = wedi’i ddadwneud
decision-kind-chosen = cadwyd un o’r gwerthoedd
decision-kind-edited = cofnodwyd gwerth arall
decision-kind-both-kept = mae pob gwerth yn sefyll
decision-kind-returned = rhoddwyd yn ôl i’r ymwelydd
decision-kind-same = Un ydynt
decision-kind-not-same = Dau ydynt
decision-kind-undone = wedi’i ddadwneud

## Two that may be one
twins-hazards = peryglon
twins-people = pobl
twins-properties = cartrefi heb UPRN
twins-title-hazards = Ai un perygl yw’r rhain?
twins-title-people = Ai un person yw’r rhain?
twins-title-properties = A yw’r cartref hwn yn un sydd ag UPRN?
twins-text = Edrychwch yn gyntaf ar yr hyn sy’n wahanol. Ni symudir ac ni chollir dim: mae’r ddau’n aros, â dolen rhyngddynt, a gellir ei ddadwneud.
twins-are-one = Un ydynt: mae’r ddau’n aros, ac yn arwain at ei gilydd.
twins-are-two = Dau ydynt: ni ddangosir y pâr hwn eto.
twins-beside = Y ddau ochr yn ochr
twins-differ = Maent yn wahanol
twins-one-says = Dim ond un sy’n ei ddweud
twins-same-said = Maent yn dweud yr un peth
twins-holds = Cofnodwyd yno
twins-decide = Beth ydynt?
twins-same-hazards = Un perygl ydynt
twins-same-people = Un person ydynt
twins-same-properties = Un cartref ydynt
twins-different = Dau ydynt
twins-said-one = Un ydynt nawr. Mae’r ddau’n cadw eu hanes.
twins-said-two = Dau ydynt. Ni ddangosir y pâr hwn eto.
twins-contradicted = Penderfynodd dwy ddesg yn wahanol: edrychwch eto, a dadwnewch un ohonynt.
twins-undone = Wedi’i ddadwneud: nid oes dim wedi’i benderfynu am y pâr hwn.
twins-linked = Gall fod, neu mae, yr un â

## The clocks of a hazard
clocks-none = Nid oes cloc cyfreithiol yn rhedeg ar gyfer y perygl hwn.
clock-no-deadline = Ni ellir dweud y diwrnod eto
clock-stands-on = Mae hyn yn sefyll ar
clock-strictest = y darlleniad llymaf
clock-missing = Heb ei gofnodi: { $fact }
clock-law = Cyfraith Awaab, cam { $phase }
clock-stopped-no-significant-hazard = Ni chafwyd perygl arwyddocaol
clock-stopped-no-further-work = Nid oes angen gwaith pellach
clock-stopped-resolved = Mae’r perygl wedi mynd
clock-doubt-tenure-not-known = Ni chofnodwyd a yw hwn yn dai cymdeithasol: dangosir y cloc.
clock-doubt-severity-not-known = Ni chofnodwyd pa mor ddrwg ydyw: dangosir y cloc.
clock-doubt-holidays-not-known = Nid yw gwyliau banc yr amser hwnnw’n hysbys yma: dim ond penwythnosau a adewir allan.
clock-doubt-disputed = Mae rhywun yn dweud nad yw’n berygl. Mae’r cloc yn rhedeg nes y penderfynir hynny.
end-of-day = diwedd { $day }
step-record = Cofnodi cam
step-save = Cofnodi’r cam
step-saved = Cofnodwyd y cam.
step-at-hint = Yn ôl y cloc, megis 2026-03-09T14:05.
step-note-hint = Pwy ddywedodd hynny, neu beth a wnaed.
step-put-right = Mae’n cywiro cam cynharach
step-corrects-hint = Nid yw’r cam hwnnw’n cyfrif mwyach; mae’n aros i’w ddarllen.
step-corrects-none = dim un
step-corrected = wedi’i gywiro
steps = Beth a wnaed
steps-none = Ni chofnodwyd cam.
step-kind-landlord-aware = Daeth y landlord yn ymwybodol
step-kind-investigated = Ymchwiliwyd iddo
step-kind-safety-work-identified = Gwelwyd bod angen gwaith diogelwch
step-kind-summary-given = Cafodd y tenant y crynodeb ysgrifenedig
step-kind-made-safe = Fe’i gwnaed yn ddiogel
step-kind-supplementary-started = Dechreuwyd gwaith pellach
step-kind-no-significant-hazard = Ni chafwyd perygl arwyddocaol
step-kind-no-further-work = Nid oes angen gwaith pellach
step-kind-access-refused = Ni adawyd ni i mewn
step-kind-accommodation-offered = Cynigiwyd lle arall i aros

## The disclosure register
register = Cofrestr ddatgelu
register-text = Pwy ofynnodd am beth, a beth ddaeth o hynny. Mae pob gwrthodiad yma â’i reswm.
register-open = Agor y gofrestr
register-ask = Cofnodi cais i ddatgelu
register-request = Cofnodi’r hyn y mae preswylydd yn gofyn amdano
register-about = Ynghylch
register-about-hint = UPRN, cyfeiriad neu enw. Gellir ei adael yn wag.
register-entry = Cais i ddatgelu
register-save = Ei gofnodi
register-written = Cofnodwyd. Mae’n aros am benderfyniad.
register-decide = Penderfynu
register-decide-now = Cofnodi’r penderfyniad
register-decided = Cofnodwyd y penderfyniad.
register-stands = Mae’r hyn a benderfynwyd yn aros fel y mae. Os bydd rhywbeth yn newid, cofnodwch gais pellach.
register-why-hint = Mae angen rheswm ar wrthodiad.
disclosures = Ceisiadau i ddatgelu
disclosures-none = Nid oes neb wedi gofyn am ddim eto.
refused-because = oherwydd: { $why }
recorded-by = Cofnodwyd gan
asked-hint = Pa ffeithiau, yn eu geiriau nhw.
asked-at-hint = Gadewch ef yn wag ar gyfer nawr.
purpose-hint = At ba ddiben, meddant hwy.
authority-hint = Y gyfraith, y gorchymyn neu’r cytundeb y maent yn ei enwi.
identified-how-hint = Er enghraifft: ffoniwyd yn ôl ar rif swyddfa’r llys.
decided-by-hint = Enw a rôl.
given-hint = Pa ffeithiau, ym mha ffurf.
on-behalf-hint = Drwy ba hawl, os ydynt yn gofyn dros rywun arall.
request-person-hint = Eu henw, os yw’r ddyfais hon yn eu hadnabod.
due-hint = Y diwrnod y mae’n rhaid ei ateb erbyn.
request-answer-hint = Beth a atebwyd. Mae gwrthodiad yn ateb hefyd.
error-refusal = Mae gan wrthodiad reswm: dywedwch pam, fel y gellir ateb drosto.
error-given = Rhestrwch yr hyn a roddir.
error-identified = Dywedwch sut y nodwyd pwy sy’n gofyn cyn rhoi dim.
error-answer = Dywedwch beth a atebwyd.
disclosure-decision-pending = yn aros am benderfyniad
disclosure-decision-given = rhoddwyd
disclosure-decision-partly-given = rhoddwyd yn rhannol
disclosure-decision-refused = gwrthodwyd
disclosure-decision-withdrawn = tynnwyd yn ôl
identity-check-papers-seen = gwelwyd papurau
identity-check-known-contact = hysbys, neu ffoniwyd yn ôl ar rif hysbys
identity-check-official-address = cyfeiriad swyddogol neu bost diogel
identity-check-proxy = dirprwy y gwelwyd ei dystiolaeth
identity-check-court-order = gorchymyn neu warant llys
identity-check-not-done = ni wnaed
request-kind-access = Gweld yr hyn a gedwir amdanynt
request-kind-rectification = Cywiro rhywbeth
request-kind-erasure = Dileu rhywbeth
request-kind-restriction = Cyfyngu ar ddefnydd rhywbeth
request-kind-objection = Na wneir rhywbeth
request-kind-who-read = Gwybod pwy ddarllenodd eu cofnod
request-kind-complaint = Cwyn
request-state-open = nid oes neb yn ei drin eto
request-state-in-progress = mae rhywun yn gweithio arno
request-state-waiting = yn aros am bwy a ofynnodd
request-state-answered = atebwyd
request-state-refused = gwrthodwyd
request-state-withdrawn = tynnwyd yn ôl
requests-open =
    { $n ->
        [two] Mae { $n } breswylydd yn aros am ateb
        [few] Mae { $n } phreswylydd yn aros am ateb
        [many] Mae { $n } phreswylydd yn aros am ateb
       *[other] Mae { $n } preswylydd yn aros am ateb
    }
requests-none = Nid oes preswylydd yn aros am ateb.
requests-closed =
    { $n ->
       *[other] { $n } a atebwyd
    }
request-written = Cofnodwyd, â’r diwrnod y mae’n ddyledus.
request-came = Daeth
request-answered = Atebwyd
request-go-on = Pa mor bell y mae wedi mynd?
request-moved-on = Cofnodwyd.
collection-disclosures = Cais i ddatgelu
collection-requests = Cais preswylydd
collection-evacuation = Cynllun gwagio

## Reports
reports = Adroddiadau
reports-text = Yr hyn sy’n gadael y ddyfais hon. Nid oes dim dan sêl nac wedi’i warchod, dim rhif GIG, a dim cyfeiriad neb y mae ei gyfeiriad wedi’i warchod, yn yr un ohonynt.
reports-all = Am bopeth
report-show = Ei ddangos
report-of-it = Adroddiad
report-property = Cartref, yn gyfan
report-text-property = Popeth a gofnodwyd am gartref ac am bwy sy’n byw yno, fesul gwerth.
report-resident = Beth a gedwir am breswylydd
report-text-resident = I’r preswylydd: beth a gedwir, o ble y daeth, pwy agorodd yr hyn sydd dan sêl a pham, i bwy y’i datgelwyd.
report-reg10 = Taflen rheoliad 10
report-text-reg10 = I’r awdurdod tân: pedair ffaith pawb mewn adeilad a gytunodd iddi, a dim arall.
report-visit = Beth a ganfu ymweliad
report-visit-text = Mae adroddiad ymweliad ar dudalen yr ymweliad.
report-exposure = Beth y gallai dyfais ei ddarllen
report-exposure-text = Pa gofnodion, ers pryd, tan pryd.
report-access = Pwy sy’n dal pa gofnodion
report-text-access = Pob tîm a dyfais, at ba ddiben a than pryd.
report-audit = Pwy agorodd yr hyn sydd dan sêl
report-text-audit = Pob cofnod archwilio sy’n dal; wrth ddesg archwilydd.
report-clocks = Clociau cyfreithiol
report-text-clocks = Pob terfyn amser ar gyfer pob perygl, â’r ffaith y mae’n dechrau â hi.
report-disclosures = Cofrestr ddatgelu
report-text-disclosures = Pob cais a beth ddaeth ohono.
report-homes-by-hazard = Cartrefi yn ôl perygl
report-text-homes-by-hazard = Cyfrifon yn unig; gadewir rhifau bach allan.
report-visits-by-kind = Ymweliadau yn ôl math
report-text-visits-by-kind = Cyfrifon yn unig; gadewir rhifau bach allan.
report-visits-by-state = Ymweliadau yn ôl pa mor bell y maent
report-text-visits-by-state = Cyfrifon yn unig; gadewir rhifau bach allan.
report-part-held = Beth a gedwir
report-part-reads = Pwy agorodd yr hyn sydd dan sêl
report-part-disclosures = I bwy y’i datgelwyd
report-made = Gwnaed { $at }
report-rows =
    { $n ->
        [two] { $n } res
       *[other] { $n } rhes
    }
report-csv = Cadw fel CSV
report-json = Cadw fel JSON Lines
report-empty = Nid oes dim ynddo.
report-more =
    { $n ->
       *[other] a { $n } arall; mae ffeil yn cynnwys pob un
    }
report-total = gyda’i gilydd
report-handing = Mae rhoi hwn i rywun arall yn ddatgeliad.
reads-left-out-auditors = Nid yw pwy agorodd yr hyn sydd dan sêl ynddo: dim ond desg archwilydd all ei ychwanegu.
reads-left-out-locked = Nid yw pwy agorodd yr hyn sydd dan sêl ynddo: datglowch y ddesg archwilydd hon, a’i wneud eto.
reg10-without-consent =
    { $n ->
        [two] Mae gan { $n } berson gynllun ac nid ydynt wedi cytuno i’w ddweud: nid ydynt yn y daflen.
        [few] Mae gan { $n } pherson gynllun ac nid ydynt wedi cytuno i’w ddweud: nid ydynt yn y daflen.
        [many] Mae gan { $n } pherson gynllun ac nid ydynt wedi cytuno i’w ddweud: nid ydynt yn y daflen.
       *[other] Mae gan { $n } person gynllun ac nid ydynt wedi cytuno i’w ddweud: nid ydynt yn y daflen.
    }
reg10-review-overdue =
    { $n ->
        [two] Mae { $n } gynllun heibio i’w hadolygiad.
        [few] Mae { $n } chynllun heibio i’w hadolygiad.
        [many] Mae { $n } chynllun heibio i’w hadolygiad.
       *[other] Mae { $n } cynllun heibio i’w adolygiad.
    }
read-how-glass-broken = torrodd y gwydr
read-how-behind-glass = gwelodd yr hyn sydd y tu ôl i’r gwydr
read-how-with-purpose = darllenodd ef at ddiben ei dîm
audit-event-start = dechreuodd ei chadwyn
audit-event-heartbeat = arwydd o fywyd
audit-event-unlocked = datglowyd
audit-event-wrong-pins = PINau anghywir
audit-event-glass-broken = torrwyd gwydr
audit-event-sealed-read = dangoswyd manylion dan sêl
audit-event-glass-closed = caewyd gwydr
audit-event-read-with-purpose = darllenwyd at ddiben
audit-event-reviewed = adolygwyd
assistance-none = dim
assistance-warning = rhybudd, neu rywun i’w deffro
assistance-one-person = un person
assistance-several-or-equipment = sawl person, neu offer
column-assistance = Cymorth i fynd allan
column-asked = Gofynnwyd am
column-asked_at = Gofynnwyd
column-asked_by = Gofynnwyd gan
column-at = Pryd
column-authority = Yn ôl pa gyfraith
column-begins_with = Yn dechrau â
column-behind_glass = Y tu ôl i’r gwydr yn unig
column-class = Math o gofnod
column-code = Perygl
column-collection = Beth
column-count = Faint
column-decided_at = Penderfynwyd
column-decided_by = Penderfynwyd gan
column-decision = Penderfyniad
column-device = Dyfais
column-disputed = Mewn anghydfod
column-documents = Dogfennau
column-doubts = Ansicr
column-due = Erbyn
column-event = Beth ddigwyddodd
column-expires = Tan
column-field = Maes
column-flat_number = Fflat
column-floor_number = Llawr
column-frozen_since = Wedi’i rhewi ers
column-given = Rhoddwyd
column-group = Grŵp
column-how = Sut
column-identified = Nodwyd
column-identified_how = Sut yn union
column-last_work_came = Daeth gwaith diwethaf
column-last_wrote = Ysgrifennodd ddiwethaf
column-met = Cyflawnwyd
column-of = Cyfrif
column-organisation = Sefydliad
column-outcome = Adolygiad
column-phase = Y gyfraith
column-purpose = Diben
column-purposes = Dibenion
column-reason = Rheswm
column-refusals = Gwrthodwyd mynediad
column-revoked_since = Daeth i ben
column-rights = Caiff
column-rule = Terfyn amser
column-since = Ers
column-source = Sut y gwyddys
column-started = Dechreuodd
column-state = Sut y mae’n sefyll
column-statement_exists = Mae datganiad
column-team = Tîm
column-title = Cyfeiriad neu enw
column-until = Tan
column-value = Gwerth
column-who = Pwy
column-why = Pam
column-workers = Gweithwyr
column-wrote = Ysgrifennodd yno
column-zone = Parth

## Areas, streets, buildings
places = Ardaloedd
title-street = Stryd
places-browse = Mynd fesul stryd
places-none = Nid oes cartref ar y ddyfais hon eto.
places-area = cartrefi: { $homes }, strydoedd: { $streets }
street-none = Dim stryd wedi’i chofnodi
street-of = y stryd y mae ynddi
homes-alone = Cartrefi eraill
building-open = Yr adeilad
building-homes = Dangos ei gartrefi

## Teams and what they are let into
team-new = Creu tîm
team-new-text = Mae’r ddesg hon ynddo, fel y gall drosglwyddo ei allwedd. Dywedir wedyn beth y caiff ei ddarllen.
team-make = Creu’r tîm
team-made = Crëwyd { $team }. Gadewch ef i mewn i’r hyn sydd ei angen arno.
team-add = Ei hychwanegu at y tîm
team-remove = Tynnu allan
team-move = Symud dyfais i dîm arall
team-move-now = Ei symud
team-joined = Mae { $device } yn y tîm nawr, a gall ddarllen yr hyn y mae’n ei ddal.
team-left = Mae { $device } wedi gadael; allweddi newydd i dimau: { $teams }, i barthau: { $zones }. Mae’r hyn a ysgrifennodd cynt yn cyfrif.
tier-hint = Dim ond â PIN gweithiwr y mae manylion dan sêl, rhifau GIG a diogelu’n agor.
error-name-taken = Mae un o’r enw hwnnw eisoes.
grants = Yr hyn y gadewir ef i mewn iddo
grants-none = Ni adewir ef i mewn i ddim.
grant-give = Ei adael i mewn i barth
grant-give-now = Ei adael i mewn
grant-text = Dim ond y sefydliad sy’n berchen ar barth sy’n gadael eraill i mewn. Mae tîm a adewir i mewn yn cael yr hyn a ysgrifennwyd cynt hefyd.
grant-until = tan { $at }
grant-until-hint = Y diwrnod olaf. Gellir ei adael yn wag.
grant-power-hint = Y gyfraith y ceir rhannu’r data drwyddi.
grant-given = Gadawyd y tîm i mewn.
grant-end = Dod â hyn i ben
grant-ended = Daeth y caniatâd i ben; allweddi newydd i barthau: { $zones }.
grant-purpose-prevention = atal yn y cartref
grant-purpose-housing-condition = cyflwr a thrwsio tai
grant-purpose-emergency = ymateb i ddigwyddiad
grant-purpose-audit = edrych ar bwy ddarllenodd beth
legal-power-care-act = Deddf Gofal 2014
legal-power-fire-services-act = Deddf y Gwasanaethau Tân ac Achub 2004
legal-power-housing-act = Deddf Tai 2004

## Workers on a device
seats = Gweithwyr ar y ddyfais hon
seats-none = Nid oes gan neb sedd arni.
seat-again = Caiff roi cynnig arall ar y PIN
seat-again-done = Caiff { $worker } roi cynnig arall ar y PIN, unwaith y bydd y ddyfais wedi cydamseru.
seat-again-text = Ar ôl deg PIN anghywir, caiff gweithiwr sy’n gwybod y PIN roi cynnig arall. Mae angen sedd newydd ar PIN a anghofiwyd.
seat-end = Dod â’r sedd i ben
seat-ended = Daeth sedd { $worker } i ben. Mae’r hyn a gofnodwyd yn aros.
seat-accept = Rhoi sedd i weithiwr arall
seat-accept-text = Ar y llechen, mae cydweithiwr yn ei datgloi ac yn ychwanegu PIN. Yna mae’n dangos cais: copïwch ef yma.
seat-accept-now = Rhoi sedd i’r gweithiwr
seat-accepted = Mae gan { $worker } sedd yno, unwaith y bydd y ddyfais wedi cydamseru.
seat-request-hint = Y testun cyfan, o’r llythyren gyntaf i’r olaf.
worker-name-hint = Fel y mae pobl yn ei ddweud. Gweithiwr sy’n hysbys wrth yr enw hwn yw’r un un.
worker-new = Person arall o’r un enw yw hwn
error-request = Nid yw hwnnw’n gais cyfan. Copïwch ef o’r llythyren gyntaf i’r olaf.

## Bringing in a device
enrol = Derbyn dyfais
enrol-step-invite = Gwnewch wahoddiad yma.
enrol-step-device = Ar y ddyfais newydd, cymerwch ef: drwy ffotograff neu fel testun. Bydd yn ateb â chais.
enrol-step-accept = Derbyniwch y cais yma. Bydd y ddyfais yn cydamseru, ac mae’n barod.
invite-new = Gwneud gwahoddiad
invite-make = Ei wneud
invite-for-hint = Mae gan ddyfais gwirfoddolwr ddiwrnod olaf, ac nid yw byth yn dal manylion dan sêl.
way-in-person = mae’r person yma
way-remote = o bell
for-staff = aelod o staff
for-volunteer = gwirfoddolwr
invitations = Gwahoddiadau
invitations-none = Nid oes gwahoddiad.
invite-waits = yn aros
invite-used = defnyddiwyd
invite-expired = mae ei amser ar ben
invite-void = di-rym: nid oedd ceisiadau’n gwybod y geiriau
invite-until = tan { $at }
invite-cancel = Ei ganslo
invite-cancelled = Canslwyd y gwahoddiad.
invitation = Gwahoddiad i un ddyfais
invitation-text = Mae’n dal tan { $at }. Mae’r dudalen hon yn ei ddangos unwaith.
invitation-code = Y cod i dynnu ffotograff ohono
invitation-as-text = Yr un peth fel testun
invitation-words = Chwe gair i’w darllen dros y ffôn
invitation-words-text = Fe’u dangosir unwaith. Ffoniwch y gweithiwr, byddwch yn sicr o’r llais, a pheidiwch byth â’u hanfon gyda’r testun.
enrol-accept = Derbyn cais
enrol-accept-text = Unwaith y bydd y ddyfais newydd yn dangos ei chais.
enrol-accept-now = Ei derbyn
enrol-request-hint = Y testun cyfan, o’r llythyren gyntaf i’r olaf.
new-device-hint = Fel y bydd pobl yn ei ddarllen.
in-teams-hint = Dim un wedi’i ddewis: tîm maes ei sefydliad.
until-day-hint = I wirfoddolwyr a staff dros dro.
error-volunteer-day = Mae gan ddyfais gwirfoddolwr ddiwrnod olaf.
error-volunteer-team = Mae un o’r rhain yn agor manylion dan sêl, ac nid yw gwirfoddolwr byth mewn tîm o’r fath.
error-team-needed = Nid oes gan y sefydliad hwn dîm maes: dewiswch dîm.
enrolled = Mae { $device } yn aelod. Bydd yn barod unwaith y bydd wedi cydamseru.
enrolled-before = Derbyniwyd { $device } o’r blaen: mae ei henw wedi’i osod nawr, a’i thimau yw rhai’r adeg honno.

## What is kept, and what goes
keeping = Cadw a dileu
keeping-text = Ni ddilëir dim ohono’i hun.
keeping-about-hint = UPRN, cyfeiriad neu enw.
legal-holds =
    { $n ->
        [two] { $n } ataliad cyfreithiol
       *[other] { $n } ataliad cyfreithiol
    }
hold = Ataliad cyfreithiol
hold-add = Rhoi ataliad arno
hold-added = Mae ataliad ar y cofnod: ni ellir ei ddileu.
hold-end = Codi’r ataliad
hold-ended = Codwyd yr ataliad.
hold-reference-hint = Cyfeirnod heb fanylion: mae pob dyfais yn ei ddarllen.
erase-propose = Cynnig dileu
erase-text = Mae dau weinyddwr yn dileu, wrth ddwy ddesg. Mae’n mynd o’r gweinydd, o bob dyfais ac o bob rhestr, ac ni ellir ei adfer.
erase-propose-now = Ei gynnig
erase-sign = Llofnodi cynnig
erase-sign-text = Gan weinyddwr arall. Yna mae wedi’i wneud.
erase-sign-now = Ei ddileu
erase-reason-request = gofynasant amdano, a chânt
erase-reason-retention = cadwyd cyhyd ag y ceir
erase-reason-mistake = ni ddylid fod wedi’i gofnodi
erase-reason-legal-order = gorchmynnwyd gan lys neu reoleiddiwr
error-no-document = Nid oes gan y cofnod hwn ddim o’r math hwnnw ar y ddyfais hon.
error-proposal = Nid yw hwnnw’n gynnig cyfan. Copïwch ef o’r llythyren gyntaf i’r olaf.
proposal-made = Y cynnig
proposal-text = Rhowch y testun hwn i weinyddwr arall, i’w lofnodi cyn i ddim arall newid yng nghofnod y bartneriaeth. Darnau dan sêl sy’n mynd: { $pieces }; ffeithiau a baneri’r blwch tân sy’n mynd gyda nhw: { $facts }.
proposal-hint = Y testun cyfan, fel y rhoddodd y gweinyddwr arall ef.
erase-unfinished =
    { $n ->
        [two] { $n } ddilead i’w gorffen
       *[other] { $n } dilead i’w gorffen
    }
erase-unfinished-text = Anfonodd dyfais nad oedd wedi clywed am y dileu ragor o’r cofnod. Ni all neb ei ddarllen, ond mae’r gweinydd yn ei gadw nes i ddau weinyddwr ei ddileu eto.
erase-unfinished-line = { $pieces } arall, y cyntaf { $moment }
erase-finish = Cynnig ei orffen
erased = Mae wedi’i ddileu, ar bob dyfais sy’n clywed amdano. Ffeithiau a baneri’r blwch tân a dynnwyd yn ôl: { $n }.
retention = Cadwyd cyhyd ag y dywed y rheolau
retention-text = Ers yr ymweliad diwethaf. Mae gan bob sefydliad ei amserlen ei hun; mae’r blynyddoedd hyn yn dechrau sgwrs.
retention-none = Nid oes dim yn ddyledus.
holds-what = Beth
last-visit = Ymweliad diwethaf
kept-for = Cedwir am
years =
    { $n ->
        [one] { $n } flwyddyn
        [two] { $n } flynedd
        [few] { $n } blynedd
        [many] { $n } blynedd
       *[other] { $n } mlynedd
    }

## Fields
field-filter_text = Geiriau
field-filter_area = Ardal
field-filter_who = Gweithiwr neu dîm
field-filter_due = Yn ddyledus
field-filter_state = Sut y mae’n sefyll
field-filter_rule = Terfyn amser
field-filter_kind = Math
field-filter_class = Beth
field-other_value = Gwerth arall
field-decision_note = Nodyn
field-returned_visit = I bwy
field-step_kind = Beth ddigwyddodd
field-step_at = Pryd
field-step_note = Nodyn
field-step_corrects = Pa gam
field-asked = Am beth y maent yn gofyn
field-asked_at = Pryd y gofynasant
field-asked_by = Pwy sy’n gofyn
field-authority = Yn ôl pa gyfraith neu gytundeb
field-decided_at = Penderfynwyd
field-due = I’w ateb erbyn
field-given = Beth a roddir
field-handled_by = Pwy sy’n ei drin
field-request_answer = Ateb
field-identified = Sut y’u nodwyd
field-identified_how = Sut yn union
field-not_told_why = Pam na ddywedwyd wrth y person
field-on_behalf = Dros rywun arall
field-register_about = Ynghylch pwy neu beth
field-request_kind = Beth y maent yn ei ofyn
field-request_person = Ynghylch pwy
field-request_state = Pa mor bell y mae
field-request_text = Yn eu geiriau nhw
field-report_home = Pa gartref
field-report_building = Pa adeilad neu gartref
field-report_person = Pa berson
field-grant_zone = Parth
field-grant_rights = Caiff
field-grant_purposes = At ba ddiben
field-grant_power = Pŵer cyfreithiol
field-grant_until = Diwrnod olaf
field-joins = Dyfais i’w hychwanegu
field-moves = Dyfais
field-moves_to = I ba dîm
field-team_name = Enw’r tîm
field-team_tier = Yn agor â
field-of_organisation = Sefydliad
field-seat_request = Y cais
field-worker_name = Enw’r gweithiwr
field-worker_new = Rhywun arall?
field-invite_way = Sut y mae’n mynd
field-invite_for = I bwy y mae
field-enrol_request = Y cais
field-new_device = Enw’r ddyfais
field-in_teams = Timau
field-until_day = Diwrnod olaf
field-hold_about = Pa gofnod
field-hold_reference = Cedwir ar gyfer
field-erase_about = Pa gofnod
field-erase_class = Pa ran ohono
field-erase_reason = Pam
field-proposal = Y cynnig

## Who works with whom, and what was agreed
allocations = Pwy sy’n gweithio gyda phwy
allocations-text = Tra bo dyraniad yn dal, mae gan y gweithiwr neu’r tîm berthynas gyfreithlon â’r person.
allocations-none = Nid oes neb wedi’i gofnodi’n gweithio gyda neb eto.
allocation-new = Cofnodi pwy sy’n gweithio gyda pherson
allocation-written = Cofnodwyd.
allocation-whose = Pwy
allocation-end = Dod â’r dyraniad hwn i ben
allocation-ended = Mae’r dyraniad wedi dod i ben. Mae’n aros yn y gofrestr.
allocation-worker-hint = Gweithiwr, tîm, neu’r ddau.
allocation-from-hint = Gadewch ef yn wag ar gyfer heddiw.
good-until-hint = Ar ôl y diwrnod hwn mae dyfais nad yw wedi cysoni yn gofyn eto. Gellir ei adael yn wag.
error-worker-or-team = Dewiswch weithiwr neu dîm.
since-day = ers { $day }
person-not-here = person nad yw ar y ddyfais hon
relationship-holds = yn dal
relationship-stale = rhy hen: cysonwch yn gyntaf
relationship-not-yet = heb ddechrau eto
relationship-ended = daeth i ben
relationship-person-died = mae’r person wedi marw
allocation-end-done = Mae’r gwaith wedi’i wneud
allocation-end-handed-over = Cymerodd rhywun arall drosodd
allocation-end-person-died = Bu farw’r person
allocation-end-moved-away = Symudodd y person i ffwrdd
allocation-end-mistaken = Camgymeriad oedd hwn
agreements = Cytundebau rhannu
agreements-text = Yr hyn y mae grantiau’n sefyll arno: pwy sy’n rhannu â phwy, drwy ba bŵer cyfreithiol, ar ba sail gyfreithlon.
agreements-none = Nid oes cytundeb wedi’i gofnodi eto.
agreement-new = Cofnodi cytundeb
agreement-written = Cofnodwyd. Gall grant ei enwi nawr.
agreement-over = nid yw’n dal
agreement-digest = Sut y mae grant yn ei enwi
agreement-grants = Grantiau sy’n sefyll arno
agreement-grants-none = Nid oes grant yn ei enwi.
agreement-end = Dod â’r cytundeb hwn i ben
agreement-end-text = Mae grantiau sy’n sefyll arno yn parhau nes i chi ddod â phob un i ben: mae hynny’n gwneud allweddi newydd.
agreement-ended = Mae’r cytundeb wedi dod i ben. Dewch â’r grantiau sy’n sefyll arno i ben.
parties-hint = Y sefydliadau sy’n rhwym wrtho.
legal-power-hint = Pam y cewch rannu, megis Deddf Gofal 2014, adran 6.
lawful-basis-hint = Pam y cewch ddal, megis tasg gyhoeddus.
signed-by-hint = Enw a rôl, ar gyfer pob sefydliad.
error-before-begin = Nid cyn y diwrnod y mae’n dechrau.
grant-agreement = drwy { $name }
grant-agreement-none = Dim cytundeb
field-allocation_person = Y person
field-allocation_worker = Gweithiwr
field-allocation_team = Tîm
field-allocation_role = Ym mha rôl
field-allocation_purpose = At ba ddiben
field-allocation_from = Ers
field-good_until = Yn ddilys heb gysoni tan
field-allocation_why = Pam y mae’n dod i ben
field-last_day = Diwrnod olaf
field-agreement_name = Enw’r cytundeb
field-agreement_reference = Cyfeirnod
field-parties = Partïon
field-agreement_purpose = At ba ddiben y mae
field-legal_power = Pŵer cyfreithiol
field-lawful_basis = Sail gyfreithlon
field-signed_by = Llofnodwyd gan
field-agreed_from = O
field-agreed_until = Tan
field-agreement_review = Edrych arno eto ar
field-grant_agreement = Drwy ba gytundeb
