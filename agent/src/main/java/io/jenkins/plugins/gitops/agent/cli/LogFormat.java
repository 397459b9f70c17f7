package io.jenkins.plugins.gitops.agent.cli;

/** The values of {@code --log-format}. */
enum LogFormat {
    text,
    json
}
