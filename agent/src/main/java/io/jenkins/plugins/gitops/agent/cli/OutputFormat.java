package io.jenkins.plugins.gitops.agent.cli;

/** The values of {@code --output}. */
enum OutputFormat {
    text,
    json
}
