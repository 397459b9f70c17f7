package io.jenkins.plugins.gitops.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Our edits of generated kustomizations have the same result as those of kustomize 5.8.1. Its results are in
 * {@code kustomize-edit-set-image.txt}, one line for each seed; if the environment variable {@code GITOPS_KUSTOMIZE}
 * names the program, it runs again, and the whole file is compared.
 */
public class KustomizeEditTest {
    private static final int CASES = 240;

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void setsImagesAsInKustomizeRecordings() throws Exception {
        List<String> recorded = recorded();
        assertThat(recorded, hasSize(CASES));
        for (int seed = 0; seed < CASES; seed++) {
            KustomizeEditCase edit = new KustomizeEditCase(seed);
            assertThat(edit.text(), line(edit, edit.edited()), is(recorded.get(seed)));
        }
    }

    @Test
    public void setsImagesAsTheInstalledKustomizeDoes() throws Exception {
        String program = System.getenv("GITOPS_KUSTOMIZE");
        int cases = program == null ? 0 : CASES;
        for (int seed = 0; seed < cases; seed++) {
            KustomizeEditCase edit = new KustomizeEditCase(seed);
            Map<String, Object> theirs = ask(program, folder.newFolder().toPath(), edit);
            assertThat(edit.text(), edit.edited(), is(theirs));
            assertThat("recorded", line(edit, theirs), is(recorded().get(seed)));
        }
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = KustomizeEditTest.class.getResourceAsStream("kustomize-edit-set-image.txt")) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }

    /** Returns a line with the request and the resulting images. */
    private static String line(KustomizeEditCase edit, Map<String, Object> document) {
        return String.join(" ", edit.arguments()) + " -> " + document.get("images");
    }

    private static Map<String, Object> ask(String program, Path folder, KustomizeEditCase edit)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("kustomization.yaml"), edit.text());
        List<String> command = new ArrayList<>(List.of(program, "edit", "set", "image"));
        command.addAll(edit.arguments());
        Path messages = folder.resolve("messages");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(messages.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("kustomize does not end");
        }
        assertThat(Files.readString(messages) + edit.text(), process.exitValue(), is(0));
        Map<String, Object> document = KustomizeEditCase.load(Files.readString(file));
        // kustomize adds these fields, which an edit of one value does not.
        document.remove("apiVersion");
        document.remove("kind");
        return document;
    }

    /** Records the results again. Arguments: the program, then the file to write. */
    public static void main(String[] arguments) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int seed = 0; seed < CASES; seed++) {
            KustomizeEditCase edit = new KustomizeEditCase(seed);
            lines.add(line(edit, ask(arguments[0], Files.createTempDirectory("kustomize"), edit)));
        }
        Files.write(Path.of(arguments[1]), lines);
    }
}
