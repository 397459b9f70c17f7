package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.file.Path;
import java.util.Map;

/** A config repository, and what commands do to it: one commit with exactly these bytes, nothing, or a refusal. */
final class CommandLineCase {
    /** On standard error, where the tag was there already. */
    static final String SAME_TAG =
            "If the tag has been pushed again since, its new image is not deployed. Use --digest,"
                    + " or --tag and --digest.\n";

    private final LocalRepository repository;

    CommandLineCase(LocalRepository repository) {
        this.repository = repository;
    }

    /** As {@link LocalRepository#copyOf}; each in a folder of its own. */
    static CommandLineCase of(Path folder, String name, Map<String, String> changed) throws Exception {
        return new CommandLineCase(LocalRepository.copyOf(folder, name, changed));
    }

    LocalRepository repository() {
        return repository;
    }

    /**
     * @param command words, separated by spaces
     * @param target that is named first in the output
     * @param images the other lines of the output
     * @param diff as {@link LocalRepository#diff} has it
     */
    void changes(String command, String target, String images, String diff) throws Exception {
        int before = repository.commits();
        assertThat(command + "\n", repository.run(command.split(" ")), is(0));
        assertThat(command, repository.err(), is(""));
        assertThat(command, withoutRevision(repository.out()), is("changed " + target + "\n" + images));
        assertThat(command, repository.commits(), is(before + 1));
        assertThat(command, repository.diff(), is(diff));
    }

    /** The images are there already. */
    void changesNothing(String command, String target, String images) throws Exception {
        int before = repository.commits();
        assertThat(command, repository.run(command.split(" ")), is(0));
        assertThat(command, withoutRevision(repository.out()), is("unchanged " + target + "\n" + images));
        assertThat(command, repository.commits(), is(before));
    }

    /** One line on standard error, and nothing is written. */
    void refuses(String command, String message) throws Exception {
        int before = repository.commits();
        assertThat(command, repository.run(command.split(" ")), is(1));
        assertThat(command, repository.err(), is(message + "\n"));
        assertThat(command, repository.out(), is(""));
        assertThat(command, repository.commits(), is(before));
    }

    private static String withoutRevision(String output) {
        return output.replaceFirst(" [0-9a-f]{40}\n", "\n");
    }
}
