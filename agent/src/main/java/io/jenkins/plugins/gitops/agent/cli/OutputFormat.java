package io.jenkins.plugins.gitops.agent.cli;

/** What {@code --output} asks for. */
enum OutputFormat {
    text,
    json
}
