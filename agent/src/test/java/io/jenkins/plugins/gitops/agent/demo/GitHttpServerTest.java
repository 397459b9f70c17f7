package io.jenkins.plugins.gitops.agent.demo;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.WorkTreeClone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class GitHttpServerTest {
    private static final String USER = "jenkins";
    private static final String PASSWORD = "s3cret: wörd";

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final HttpClient http = HttpClient.newHttpClient();
    private Path served;
    private String first;
    private GitHttpServer server;

    @Before
    public void serve() throws Exception {
        served = temporary.newFolder("served").toPath();
        first = ExampleRepository.create(served.resolve("team/config.git"));
        server = GitHttpServer.start(served, "jenkins", "password", 0);
    }

    @After
    public void stop() {
        server.close();
    }

    @Test
    public void gitCommandLineClonesAndPushes() throws Exception {
        WorkTreeClone clone = cloneOther("one");
        assertThat(clone.tip(), is(first));

        clone.write("notes/ä b.txt", "text\r\n").commit("Add a note");
        clone.push(false);

        assertThat(tipOfServer(), is(clone.tip()));
        assertThat(cloneOther("two").read("notes/ä b.txt"), is("text\r\n".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    public void aPushThatNeedsManyBuffersArrives() throws Exception {
        byte[] noise = new byte[5 << 20];
        new Random(1).nextBytes(noise);
        WorkTreeClone clone = cloneOther("one");
        clone.write("noise", noise).commit("Add what cannot be compressed");
        clone.push(false);

        WorkTreeClone other = cloneOther("two");
        assertThat(Arrays.equals(other.read("noise"), noise), is(true));
    }

    @Test
    public void aHistoryThatNeedsACompressedRequestIsFetched() throws Exception {
        WorkTreeClone early = cloneOther("early");
        WorkTreeClone late = cloneOther("late");
        for (int i = 0; i < 40; i++) {
            early.write("early", "" + i).commit("early " + i);
            late.write("late", "" + i).commit("late " + i);
        }
        early.push(false);
        // With this many commits that only the clone has, C Git compresses the request.
        late.update();
        assertThat(late.tip(), is(early.tip()));
    }

    @Test
    public void ownClientClonesAndPushes() throws Exception {
        UsernamePasswordCredentialsProvider credentials = new UsernamePasswordCredentialsProvider(USER, "password");
        try (Git git = Git.cloneRepository()
                .setURI(server.url("team/config.git"))
                .setDirectory(temporary.newFolder("jgit"))
                .setCredentialsProvider(credentials)
                .call()) {
            git.commit().setMessage("empty").setSign(false).call();
            git.push().setCredentialsProvider(credentials).call();
            assertThat(tipOfServer(), is(git.getRepository().resolve("HEAD").name()));
        }
    }

    @Test
    public void aPushOntoAMovedBranchIsRejectedUnlessForced() throws Exception {
        WorkTreeClone fast = cloneOther("fast");
        WorkTreeClone slow = cloneOther("slow");
        fast.write("fast", "1").commit("fast");
        fast.push(false);
        slow.write("slow", "1").commit("slow");

        assertThrows(IOException.class, () -> slow.push(false));
        assertThat(tipOfServer(), is(fast.tip()));
        slow.push(true);
        assertThat(tipOfServer(), is(slow.tip()));
    }

    @Test
    public void wrongPasswordRevealsNothing() throws Exception {
        assertThat(status("team/config.git", null), is(401));
        assertThat(status("unknown.git", null), is(401));
        assertThat(status("team/config.git", "jenkins:wrong"), is(401));
        assertThat(status("team/config.git", "other:password"), is(401));
        assertThat(status("team/config.git", "jenkins:password"), is(200));

        HttpResponse<String> refused = get("team/config.git/info/refs?service=git-upload-pack", null);
        assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""), startsWith("Basic realm="));
        HttpRequest.Builder odd = HttpRequest.newBuilder(
                        URI.create(server.url("team/config.git/info/refs?service=git-upload-pack")))
                .header("Authorization", "Basic ???");
        assertThat(http.send(odd.build(), HttpResponse.BodyHandlers.ofString()).statusCode(), is(401));
    }

    @Test
    public void passwordMayContainAnyCharacter() throws Exception {
        try (GitHttpServer other = GitHttpServer.start(served, USER, PASSWORD, 0)) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(other.url("team/config.git/info/refs?service=git-upload-pack")));
            request.header("Authorization", basic(USER + ":" + PASSWORD));
            assertThat(
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode(),
                    is(200));
        }
    }

    @Test
    public void anyoneIsAdmittedWithoutConfiguredUser() throws Exception {
        try (GitHttpServer open = GitHttpServer.start(served, null, null, 0);
                Git git = Git.cloneRepository()
                        .setURI(open.url("team/config.git"))
                        .setDirectory(temporary.newFolder("anonymous"))
                        .call()) {
            assertThat(git.getRepository().resolve("HEAD").name(), is(first));
            assertThat(new URIish(open.url("x")).getHost(), is("127.0.0.1"));
        }
    }

    @Test
    public void unknownRepositoriesAndOddPathsAreNotFound() throws Exception {
        ExampleRepository.create(temporary.getRoot().toPath().resolve("outside.git"));
        String user = "jenkins:password";
        assertThat(status("unknown.git", user), is(404));
        assertThat(status("team", user), is(404));
        assertThat(status("../outside.git", user), is(404));
        assertThat(status("%2e%2e/outside.git", user), is(404));
        assertThat(status("team/..%2f..%2foutside.git", user), is(404));
        assertThat(status("team/..%5coutside.git", user), is(404));
        assertThat(status("/team/config.git", user), is(404));
        assertThat(get("team/config.git/HEAD", user).statusCode(), is(404));
        assertThat(get("team/config.git/info/refs", user).statusCode(), is(404));
        assertThat(get("team/config.git/info/refs?service=git-shell", user).statusCode(), is(404));
        assertThat(get("team/config.git/git-upload-pack", user).statusCode(), is(404));
        assertThat("the ending may be left out", status("team/config", user), is(200));
    }

    @Test
    public void linkOutOfTheFolderIsNotFollowed() throws Exception {
        Path outside = temporary.getRoot().toPath().resolve("outside.git");
        ExampleRepository.create(outside);
        Files.createSymbolicLink(served.resolve("link.git"), outside);
        assertThat(status("link.git", "jenkins:password"), is(404));
    }

    @Test
    public void protocolVersionTwoIsUsedOnRequest() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(server.url("team/config.git/info/refs?service=git-upload-pack")))
                .header("Authorization", basic("jenkins:password"))
                .header("Git-Protocol", "version=2")
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body(), containsString("version 2"));
        assertThat(
                get("team/config.git/info/refs?service=git-upload-pack", "jenkins:password")
                        .body(),
                not(containsString("version 2")));
    }

    @Test
    public void hookReceivesPushes() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        server.setHook(new GitServerHook() {
            @Override
            public void beforePush(String repository, List<ReceiveCommand> commands) {
                seen.add("before " + repository + " " + commands.get(0).getRefName());
            }

            @Override
            public void onPush(String repository, List<ReceiveCommand> commands) {
                seen.add("after " + commands.get(0).getNewId().name());
            }
        });
        WorkTreeClone clone = cloneOther("one");
        clone.write("a", "1").commit("a");
        clone.push(false);
        assertThat(seen, equalTo(List.of("before team/config.git refs/heads/main", "after " + clone.tip())));
    }

    @Test
    public void hookRejectsPushes() throws Exception {
        server.setHook(new GitServerHook() {
            @Override
            public void beforePush(String repository, List<ReceiveCommand> commands) {
                commands.get(0).setResult(ReceiveCommand.Result.REJECTED_OTHER_REASON, "branch is protected");
            }
        });
        WorkTreeClone clone = cloneOther("one");
        clone.write("a", "1").commit("a");
        assertThrows(IOException.class, () -> clone.push(false));
        assertThat(tipOfServer(), is(first));
    }

    @Test
    public void hookDropsRequestsAndResponses() throws Exception {
        WorkTreeClone clone = cloneOther("one");
        clone.write("a", "1").commit("a");

        server.setHook(onPushRequest(GitServerHook.Fault.LOSE_REQUEST));
        assertThrows(IOException.class, () -> clone.push(false));
        assertThat(tipOfServer(), is(first));

        server.setHook(onPushRequest(GitServerHook.Fault.answer(503)));
        assertThrows(IOException.class, () -> clone.push(false));
        assertThat(tipOfServer(), is(first));

        server.setHook(onPushRequest(GitServerHook.Fault.LOSE_ANSWER));
        assertThrows(IOException.class, () -> clone.push(false));
        assertThat(tipOfServer(), is(clone.tip()));
    }

    private static GitServerHook onPushRequest(GitServerHook.Fault fault) {
        return new GitServerHook() {
            @Override
            public Fault onRequest(GitRequest request) {
                return request.push() && !request.advertisement() ? fault : Fault.NONE;
            }
        };
    }

    private WorkTreeClone cloneOther(String name) throws Exception {
        return WorkTreeClone.clone(
                server.url("team/config.git"), temporary.getRoot().toPath().resolve(name), "jenkins", "password");
    }

    private String tipOfServer() throws IOException {
        try (Repository repository = new FileRepositoryBuilder()
                .setGitDir(served.resolve("team/config.git").toFile())
                .build()) {
            return repository.resolve("refs/heads/main").name();
        }
    }

    private int status(String repository, String user) throws Exception {
        return get(repository + "/info/refs?service=git-upload-pack", user).statusCode();
    }

    private HttpResponse<String> get(String path, String user) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url(path)));
        Optional.ofNullable(user).ifPresent(u -> request.header("Authorization", basic(u)));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }
}
