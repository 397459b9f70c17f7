package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import io.jenkins.plugins.gitops.agent.demo.GitHttpServer;
import io.jenkins.plugins.gitops.agent.demo.GitRequest;
import io.jenkins.plugins.gitops.agent.demo.GitServerHook;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** The commands that change or show a config repository, on a local one. */
public class ChangeCommandsTest {
    private static final Path ROOT = Path.of(System.getProperty("gitops.root", "."));
    private static final String IMAGE = "ghcr.io/myorg/payments-api";
    private static final Pattern COMMAND =
            Pattern.compile("^\\s*(?:\\$ )?java -jar \\S*gitops-agent\\.jar ([^#]+?)(?:\\s+#.*)?$");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String out;
    private String err;
    private Path bare;

    @Before
    public void createRepository() throws Exception {
        bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(bare);
    }

    @Test
    public void setsAnImageOnceForEachOperation() throws Exception {
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-1", "--operation", "op"), is(0));
        String first = out;
        assertThat(first, startsWith("changed payments-api/dev "));
        assertThat(first, containsString("\n  " + IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":sha-1\n"));
        assertThat(err, is(""));
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-1", "--operation", "op"), is(0));
        assertThat(out, is(first));
        assertThat(git("set-image", "--env", "dev", "--images", IMAGE + ":sha-1"), is(0));
        assertThat(out, startsWith("unchanged payments-api/dev "));
        assertThat(
                err,
                is("If the tag has been pushed again since, its new image is not deployed. Use --digest, or --tag and"
                        + " --digest.\n"));
        String digest = "sha256:" + "a".repeat(64);
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-1", "--digest", digest), is(0));
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-1", "--digest", digest), is(0));
        assertThat(out, startsWith("unchanged payments-api/dev "));
        assertThat(err, is(""));
    }

    @Test
    public void rollbackHoldsTheTargetAndReleaseEndsTheHold() throws Exception {
        git("set-image", "--env", "dev", "--tag", "sha-1");
        assertThat(git("rollback", "--env", "dev"), is(1));
        assertThat(err, is("A rollback of payments-api/dev requires a reason. Give one with --reason.\n"));
        assertThat(git("rollback", "--env", "dev", "--reason", "bad"), is(0));
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-2", "--force"), is(1));
        assertThat(err, containsString(".gitops/holds/dev/payments-api.yaml: payments-api/dev is held by "));
        assertThat(err.lines().count(), is(1L));
        assertThat(out, is(""));
        JsonNode history = json("history", "--env", "dev");
        assertThat(history.at("/hold/reason").asText(), is("bad"));
        assertThat(history.at("/entries/0/kind").asText(), is("ROLLBACK"));
        assertThat(history.at("/entries/0/external").asBoolean(true), is(false));
        assertThat(history.at("/entries/0/images/0/to").asText(), is(IMAGE + ":sha-a1b2c3d"));
        JsonNode first = history.at("/entries").get(history.at("/entries").size() - 1);
        assertThat(first.at("/kind").asText(), is("EXTERNAL"));
        assertThat(first.at("/external").asBoolean(), is(true));
        assertThat(git("release", "--env", "dev"), is(0));
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-2"), is(0));
        assertThat(git("rollback", "--env", "dev", "--to", "sha-1", "--no-hold", "--reason", "x"), is(0));
        assertThat(json("history", "--env", "dev", "--limit", "1").at("/hold").isNull(), is(true));
    }

    @Test
    public void hostOutageIsLoggedAndRetried() throws Exception {
        AtomicInteger troubles = new AtomicInteger(3);
        try (GitHttpServer server = GitHttpServer.start(folder.getRoot().toPath(), "git", "s3cret", 0)) {
            server.setHook(new GitServerHook() {
                @Override
                public Fault onRequest(GitRequest request) {
                    boolean asked = request.advertisement() && !request.push();
                    boolean sent = request.push() && !request.advertisement();
                    return (asked || sent) && troubles.getAndDecrement() > 0 ? Fault.answer(503) : Fault.NONE;
                }
            });
            Path password = folder.newFile("password").toPath();
            Files.writeString(password, "s3cret");
            String[] arguments = {
                "set-image",
                "--app",
                "payments-api",
                "--env",
                "dev",
                "--tag",
                "sha-1",
                "--operation",
                "op",
                "--repository",
                server.url("platform.git"),
                "--password-file",
                password.toString(),
                "--cache",
                folder.getRoot().toPath().resolve("cache").toString()
            };
            assertThat(run(arguments), is(0));
            assertThat(out, startsWith("changed payments-api/dev "));
            assertThat(err.lines().count(), is(3L));
            assertThat(
                    err.lines()
                            .allMatch(line -> line.startsWith(server.url("platform.git")
                                    + " answers with HTTP status 503. The host says: Injected fault;"
                                    + " trying again in ")),
                    is(true));
            troubles.set(Integer.MAX_VALUE);
            List<String> once = new ArrayList<>(List.of(arguments));
            once.addAll(List.of("--retry-for", "0"));
            assertThat(run(once.toArray(String[]::new)), is(1));
            assertThat(
                    err,
                    is(server.url("platform.git")
                            + " answers with HTTP status 503. The host says: Injected fault. Try again later.\n"));
            assertThat(out, is(""));
        }
    }

    @Test
    public void sameOperationIdChangesEachTargetOnce() throws Exception {
        JsonNode dev = json("set-image", "--env", "dev", "--tag", "sha-1", "--operation", "release-1.4");
        JsonNode staging = json("set-image", "--env", "staging", "--tag", "sha-1", "--operation", "release-1.4");
        assertThat(staging.at("/changed").asBoolean(), is(true));
        assertThat(staging.at("/target").asText(), is("payments-api/staging"));
        assertThat(json("set-image", "--env", "dev", "--tag", "sha-1", "--operation", "release-1.4"), is(dev));
        assertThat(git("set-image", "--env", "dev", "--tag", "sha-2", "--operation", "release-1.4"), is(1));
        assertThat(
                err,
                startsWith("Operation \"release-1.4\" was already used for the set image of payments-api/dev to "
                        + IMAGE + ":sha-1 in commit "));
        assertThat(err.lines().count(), is(1L));
        JsonNode back = json("rollback", "--env", "dev", "--reason", "bad", "--operation", "release-1.4");
        assertThat(back.at("/images/0/to").asText(), is(IMAGE + ":sha-a1b2c3d"));
    }

    @Test
    public void holdNeedsAReason() {
        assertThat(git("hold", "--env", "dev"), is(1));
        assertThat(err, is("A hold of payments-api/dev requires a reason. Give a reason.\n"));
        assertThat(git("hold", "--env", "dev", "--reason", "test"), is(0));
        assertThat(git("history", "--env", "dev", "--limit", "1"), is(0));
        assertThat(out, startsWith("payments-api/dev is held by "));
    }

    @Test
    public void promotesWithoutApproval() throws Exception {
        git("set-image", "--env", "dev", "--tag", "sha-1");
        JsonNode promoted = json("promote", "--from", "dev", "--to", "staging");
        assertThat(promoted.at("/changed").asBoolean(), is(true));
        assertThat(promoted.at("/target").asText(), is("payments-api/staging"));
        assertThat(promoted.at("/images/0/to").asText(), is(IMAGE + ":sha-1"));
        assertThat(promoted.at("/files/0").asText(), is("services/payments-api/overlays/staging/image-tag.yaml"));
        assertThat(git("promote", "--from", "staging", "--to", "production"), is(1));
        assertThat(
                err,
                is("Environment production requires approval in gitops.yaml. Promote with gitopsPromote, which"
                        + " requests the approvals.\n"));
    }

    @Test
    public void wrongUsageExitsWithTwo() {
        assertThat(git("set-image", "--tag", "sha-1"), is(2));
        assertThat(err, startsWith("Missing required option: '--env'\n"));
        assertThat(git("set-image", "--env", "dev"), is(2));
        assertThat(git("set-image", "--env", "dev", "--image", IMAGE), is(2));
        assertThat(git("hold"), is(2));
        assertThat(git("history", "--env", "dev", "--limit", "0"), is(2));
        assertThat(git("hold", "--env", "dev", "--reason", "x", "--operation", " a"), is(2));
        assertThat(run("hold", "--env", "dev", "--app", "payments-api"), is(2));
        assertThat(run("history", "--env", "dev", "--app", "payments-api"), is(2));
        assertThat(run("set-image", "--file", "x", "--env", "dev", "--image", "a", "--tag", "1"), is(2));
        assertThat(run("set-image", "--file", "x", "--tag", "1"), is(2));
        assertThat(out, is(""));
    }

    @Test
    public void editsALocalFileInPlace() throws Exception {
        Path file = folder.newFile("image-tag.yaml").toPath();
        String before = "images:\r\n- name: a/b # the one\r\n  newTag: 'v1'";
        Files.writeString(file, before);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r-x"));
        Path link = folder.getRoot().toPath().resolve("link.yaml");
        Files.createSymbolicLink(link, file.getFileName());
        assertThat(run("set-image", "--file", link.toString(), "--image", "a/b", "--tag", "v2"), is(0));
        assertThat(out, is("changed " + link + "\n  a/b:v1 -> a/b:v2\n"));
        assertThat(Files.readString(file), is(before.replace("v1", "v2")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), is("rw-rw-r-x"));
        assertThat(Files.isSymbolicLink(link), is(true));
        Object identity = Files.readAttributes(file, "unix:ino").get("ino");
        assertThat(run("set-image", "--file", file.toString(), "--images", "a/b:v2", "--output", "json"), is(0));
        assertThat(new ObjectMapper().readTree(out).at("/changed").asBoolean(true), is(false));
        assertThat("left alone", Files.readAttributes(file, "unix:ino").get("ino"), is(identity));
        try (var files = Files.list(folder.getRoot().toPath())) {
            assertThat(
                    files.filter(f -> f.getFileName().toString().startsWith(".gitops-"))
                            .count(),
                    is(0L));
        }
    }

    @Test
    public void localFileThatCannotBeEditedIsUnchanged() throws Exception {
        Path file = folder.newFile("values.yaml").toPath();
        String before = "backend:\n  image:\n    repository: a/b\n    tag: v1\n"
                + "worker:\n  image:\n    repository: a/b\n    tag: v0\n";
        Files.writeString(file, before);
        assertThat(run("set-image", "--file", file.toString(), "--image", "a/b", "--tag", "v2"), is(1));
        assertThat(err, startsWith(file.toString()));
        assertThat(err.lines().count(), is(1L));
        assertThat(Files.readString(file), is(before));
        String[] arguments = {
            "set-image", "--file", file.toString(), "--image", "a/b", "--tag", "v2", "--image-path", "backend.image"
        };
        assertThat(run(arguments), is(0));
        assertThat(Files.readString(file), is(before.replace("v1", "v2")));
        assertThat(run("set-image", "--file", file + ".no", "--image", "a/b", "--tag", "v2"), is(1));
        assertThat(err, is(file + ".no cannot be read: there is no such file. Name a file that can be read.\n"));
    }

    @Test
    public void documentedCommandsAreAccepted() throws Exception {
        int commands = 0;
        for (String document : List.of("README.md", "docs/command-line.md", "docs/agent-configuration.md")) {
            for (String line : Files.readAllLines(ROOT.resolve(document))) {
                Matcher command = COMMAND.matcher(line);
                if (command.matches()) {
                    Main.commandLine().parseArgs(words(command.group(1)));
                    commands++;
                }
            }
        }
        assertThat(commands >= 9, is(true));
    }

    private static String[] words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return words.toArray(String[]::new);
    }

    private JsonNode json(String... arguments) throws Exception {
        List<String> more = new ArrayList<>(List.of(arguments));
        more.addAll(List.of("--output", "json"));
        assertThat(git(more.toArray(String[]::new)), is(0));
        return new ObjectMapper().readTree(out);
    }

    private int git(String... arguments) {
        List<String> more = new ArrayList<>(List.of(arguments));
        more.addAll(List.of("--repository", bare.toString(), "--app", "payments-api"));
        more.addAll(
                List.of("--cache", folder.getRoot().toPath().resolve("cache").toString()));
        return run(more.toArray(String[]::new));
    }

    private int run(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(outText, true));
        command.setErr(new PrintWriter(errText, true));
        int code = command.execute(arguments);
        out = outText.toString();
        err = errText.toString();
        return code;
    }
}
