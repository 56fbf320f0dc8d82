/** The part of fengari's API that the tests use; the package has no types. */
declare module 'fengari' {
  type State = unknown;
  export const lua: {
    LUA_OK: number;
    lua_settop(state: State, index: number): void;
    lua_setglobal(state: State, name: Uint8Array): void;
    lua_getfield(state: State, index: number, name: Uint8Array): void;
    lua_isnil(state: State, index: number): boolean;
    lua_tostring(state: State, index: number): Uint8Array;
    lua_pop(state: State, count: number): void;
    lua_pushnil(state: State): void;
    lua_pushboolean(state: State, value: boolean): void;
    lua_pushnumber(state: State, value: number): void;
    lua_pushstring(state: State, value: Uint8Array): void;
    lua_newtable(state: State): void;
    lua_settable(state: State, index: number): void;
  };
  export const lauxlib: {
    luaL_newstate(): State;
    luaL_requiref(state: State, name: Uint8Array, open: unknown, global: number): void;
    luaL_dostring(state: State, script: Uint8Array): number;
  };
  export const lualib: { luaopen_base: unknown; luaopen_table: unknown; luaopen_os: unknown };
  export function to_luastring(text: string): Uint8Array;
  export function to_jsstring(text: Uint8Array): string;
}
