/** What a process without rights meets: root may do everything, so that tests must stop being root for a while. */

const NOBODY = 65534;

/** Works as the user nobody where this process is root; whoever is not root has no more rights than files give. */
export async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
