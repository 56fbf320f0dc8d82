import { lauxlib, lua, lualib, to_jsstring, to_luastring } from 'fengari';

/** Result of a health check. */
export interface Health {
  readonly status?: string;
  readonly message?: string;
}

/**
 * Runs a health check of Argo CD on an object, in a Lua VM with nothing but the base and table libraries, as Argo CD gives it.
 *
 * @throws Error with Lua's message
 */
export function runHealthCheck(script: string, object: unknown): Health {
  const state = lauxlib.luaL_newstate();
  lauxlib.luaL_requiref(state, to_luastring('_G'), lualib.luaopen_base, 1);
  lauxlib.luaL_requiref(state, to_luastring('table'), lualib.luaopen_table, 1);
  lua.lua_settop(state, 0);
  push(state, object);
  lua.lua_setglobal(state, to_luastring('obj'));
  if (lauxlib.luaL_dostring(state, to_luastring(script)) !== lua.LUA_OK) throw new Error(to_jsstring(lua.lua_tostring(state, -1)));
  return { ...field(state, 'status'), ...field(state, 'message') };
}

function field(state: unknown, name: keyof Health): Health {
  lua.lua_getfield(state, -1, to_luastring(name));
  const text = lua.lua_isnil(state, -1) ? undefined : to_jsstring(lua.lua_tostring(state, -1));
  lua.lua_pop(state, 1);
  return text === undefined ? {} : { [name]: text };
}

function push(state: unknown, value: unknown): void {
  if (value === null || value === undefined) lua.lua_pushnil(state);
  else if (typeof value === 'boolean') lua.lua_pushboolean(state, value);
  else if (typeof value === 'number') lua.lua_pushnumber(state, value);
  else if (typeof value === 'string') lua.lua_pushstring(state, to_luastring(value));
  else {
    lua.lua_newtable(state);
    const entries = Array.isArray(value) ? value.map((item, index) => [index + 1, item] as const) : Object.entries(value);
    for (const [key, item] of entries) {
      push(state, key);
      push(state, item);
      lua.lua_settable(state, -3);
    }
  }
}
