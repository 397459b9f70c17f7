package io.jenkins.plugins.gitops.agent.cli;

/** What {@code --output} asks for. */
enum Format {
    text,
    json
}
