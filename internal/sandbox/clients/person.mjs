// signIn lets the person of the test sign in at an authorize endpoint. It returns the parameters that the browser brings back.
export async function signIn(person, address) {
  const response = await fetch(person, { method: 'POST', body: address });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const back = Object.fromEntries(new URL(text).searchParams);
  if (back.error) throw new Error(`${back.error}: ${back.error_description}`);
  if (back.state !== new URL(address).searchParams.get('state')) throw new Error(`state ${back.state}`);
  return back;
}
