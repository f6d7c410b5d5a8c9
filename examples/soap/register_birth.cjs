// Register a birth from the WSDL alone, with node-soap: read the receipt, ask for its journey, see every fault at once.
//
// node register_birth.cjs WSDL CLIENT_ID SOAP_PASSWORD NUMBER        (npm install soap)
'use strict';
const soap = require('soap');

function person(name, sex, year, personalId) {
  return {
    name: { full: name },
    sex,
    birth_date: { year, month: 3, day: 14 },
    ethnic_group_code: '01',
    nationality: 'VN',
    personal_id: personalId,
    residence: { kind: 'permanent', place: { province_code: '08', commune_code: '00691' } },
  };
}

/** An invented birth, registered just now. The wall clock of Vietnam is UTC + 7. */
function birth(number) {
  const inVietnam = (milliseconds) => new Date(milliseconds + 7 * 3600 * 1000);
  const now = inVietnam(Date.now());
  const born = inVietnam(Date.now() - 3 * 24 * 3600 * 1000);
  const place = { province_code: '08', commune_code: '00691', detail: 'Bệnh viện đa khoa' };
  return {
    source_event_id: `NODE-${number}`,
    registration: {
      authority_code: '00691',
      registered_at: `${now.toISOString().slice(0, 19)}+07:00`,
      book_code: 'KS',
      volume: `01/${now.getUTCFullYear()}`,
      number,
      kind: 'on_time',
    },
    child: {
      name: { full: 'LÊ THỬ NGHIỆM' },
      sex: 'female',
      birth_date: { year: born.getUTCFullYear(), month: born.getUTCMonth() + 1, day: born.getUTCDate() },
      ethnic_group_code: '01',
      nationality: 'VN',
      place_of_origin: place,
      place_of_birth: place,
    },
    mother: person('PHẠM THỊ MẪU', 'female', 1997, `099197${number.padStart(6, '0')}`),
    father: person('LÊ VĂN VÍ DỤ', 'male', 1994, `099094${number.padStart(6, '0')}`),
    birth: { abandoned: false },
  };
}

/** The same with five mistakes. */
function spoilt(number) {
  const event = birth(`${number}9`);
  event.registration.authority_code = '691';
  event.child.sex = 'girl';
  event.child.nationality = 'Việt Nam';
  event.mother.personal_id = '197';
  event.copies_requested = -1;
  return event;
}

async function main([wsdl, clientId, password, number]) {
  const client = await soap.createClientAsync(wsdl, { forceSoap12Headers: process.env.SOAP_VERSION === '1.2' });
  const options = { passwordType: 'PasswordDigest', hasNonce: true, hasTimeStamp: true, mustUnderstand: true };
  client.setSecurity(new soap.WSSecurity(clientId, password, options)); // makes a new nonce for each message
  const [{ receipt }] = await client.RegisterBirthAsync({ birth: birth(number) });
  console.log('event_id', receipt.event_id);
  console.log('due_at', receipt.due_at.toISOString());
  const [{ event }] = await client.GetEventStatusAsync({ event_id: receipt.event_id });
  for (const delivery of event.deliveries) console.log('delivery', delivery.destination, delivery.state);
  try {
    await client.RegisterBirthAsync({ birth: spoilt(number) });
  } catch (error) {
    const fault = error.root.Envelope.Body.Fault;
    const { problem } = fault.detail ?? fault.Detail;
    console.log('refused', problem.code);
    for (const each of problem.errors) console.log('fault', each.pointer, each.code, each.message_vi);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
