// Written by 'skillgit agent install opencode', and taken away by 'skillgit agent uninstall opencode'.
// When a session comes to rest it is named to a repository of skills; no word of it is passed on.
import { spawn } from "node:child_process"

const COMMAND = @COMMAND@

const rests = (event) =>
  event.type === "session.idle" || (event.type === "session.status" && event.properties?.status?.type === "idle")

export const SkillgitPlugin = async () => ({
  event: async ({ event }) => {
    if (!rests(event)) return
    const child = spawn(COMMAND[0], COMMAND.slice(1), { stdio: ["pipe", "ignore", "ignore"], detached: true })
    child.on("error", () => {})
    child.stdin.on("error", () => {})
    child.stdin.end(JSON.stringify({ hook_event_name: event.type, session_id: event.properties?.sessionID }))
    child.unref()
  },
})
