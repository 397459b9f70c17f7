package io.jenkins.plugins.gitops.agent.cli;

/** What {@code --log-format} asks for. */
enum LogFormat {
    text,
    json
}
