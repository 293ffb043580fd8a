'use strict';

// What a team writes by hand: no token, no policy, no contract; three documents in one batch. The measure for HTTP.
const { onRequest } = require('firebase-functions/v2/https');
const { initializeApp } = require('firebase-admin/app');
const { getFirestore } = require('firebase-admin/firestore');

initializeApp();

exports.bare = onRequest({ region: 'us-central1' }, async (request, response) => {
  const firestore = getFirestore();
  const batch = firestore.batch();
  for (const { path, data } of request.body.data.documents) batch.create(firestore.doc(path), data);
  await batch.commit();
  response.json({ result: { ok: true } });
});
