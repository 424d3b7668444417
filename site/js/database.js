// The site's database in the browser: values under keys, in stores. There is none in a sandboxed frame and in some private windows.

/** bases: computed bases. runs and lanes: see stored.js. */
const stores = ["bases", "runs", "lanes"];

/**
 * Does something with stores in one transaction. It returns the result of the request that act returns, and rejects where the browser
 * keeps nothing or has no room left.
 * @param {string[]} names @param {IDBTransactionMode} mode @param {(t: IDBTransaction) => IDBRequest | void} act @returns {Promise<any>}
 */
export async function transact(names, mode, act) {
  const open = indexedDB.open("posttrain", 2);
  open.onupgradeneeded = () => {
    for (const name of stores) if (!open.result.objectStoreNames.contains(name)) open.result.createObjectStore(name);
  };
  /** @type {IDBDatabase} */
  const db = await new Promise((resolve, reject) => {
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error);
  });
  try {
    const t = db.transaction(names, mode);
    const over = new Promise((resolve, reject) => {
      t.oncomplete = resolve;
      t.onabort = () => reject(t.error ?? new Error(texts.keeper.closed));
    });
    over.catch(() => {}); // handled below, or act has thrown
    /** @type {IDBRequest | void} */
    let request;
    try {
      request = act(t);
    } catch (e) {
      t.abort(); // undoes what act has done before
      throw e;
    }
    await over;
    return request?.result;
  } finally {
    db.close();
  }
}
