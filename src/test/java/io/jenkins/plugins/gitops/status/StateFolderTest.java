package io.jenkins.plugins.gitops.status;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StateFolderTest {
    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void aFolderThatDoesNotExistIsEmptyUntilTheFirstWrite() throws IOException {
        Path folder = temporary.getRoot().toPath().resolve("state");
        StateFolder state = new StateFolder(folder);
        assertThat(state.files(), is(empty()));
        state.write(state.file("dev"), "{}");
        state.write(folder.resolve("dev.seen"), "1");
        state.write(state.file("live.eu"), "{}");
        assertThat(state.files(), containsInAnyOrder(folder.resolve("dev.json"), folder.resolve("live.eu.json")));
        assertThat(state.files().stream().map(state::nameOf).toList(), containsInAnyOrder("dev", "live.eu"));
    }

    @Test
    public void aWriteReplacesTheWholeContent() throws IOException {
        StateFolder state = new StateFolder(temporary.getRoot().toPath());
        state.write(state.file("dev"), "a longer text");
        state.write(state.file("dev"), "ä");
        assertThat(Files.readString(state.file("dev")), is("ä"));
        assertThat(state.files().size(), is(1));
    }
}
