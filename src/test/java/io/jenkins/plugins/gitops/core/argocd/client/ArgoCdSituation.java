package io.jenkins.plugins.gitops.core.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdApplication;
import io.jenkins.plugins.gitops.core.argocd.ArgoCdResponses;
import io.jenkins.plugins.gitops.core.argocd.SyncWindows;
import io.jenkins.plugins.gitops.core.await.AwaitDecision;
import io.jenkins.plugins.gitops.core.await.Expectation;
import io.jenkins.plugins.gitops.core.await.GitFacts;
import io.jenkins.plugins.gitops.core.await.Verdict;
import io.jenkins.plugins.gitops.core.model.AgentKind;
import io.jenkins.plugins.gitops.core.model.AgentReference;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.RepositoryKey;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.report.AgentSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The responses of a running Argo CD 3.5.1 in one situation, and what a wait expected then. */
final class ArgoCdSituation {
    static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode json;

    private ArgoCdSituation(JsonNode json) {
        this.json = json;
    }

    static ArgoCdSituation of(String name) throws IOException {
        try (InputStream in = ArgoCdSituation.class.getResourceAsStream(
                "/io/jenkins/plugins/gitops/core/argocd/cases/" + name + ".json")) {
            return new ArgoCdSituation(JSON.readTree(Objects.requireNonNull(in, name)));
        }
    }

    JsonNode json() {
        return json;
    }

    String url() {
        return json.at("/awaited/repository").asText();
    }

    String commit() {
        return json.at("/awaited/commit").asText();
    }

    Instant now() {
        return Instant.parse(json.path("now").asText());
    }

    Target target() {
        String application = json.path("application").asText();
        return new Target("web", "dev", json.at("/awaited/folder").asText(), null)
                .withAgent(application.isEmpty() ? null : new AgentReference(AgentKind.ARGO_CD, "main", application));
    }

    List<ImageReference> images() throws UserErrorException {
        return List.of(ImageReference.parse(json.at("/awaited/image").asText()));
    }

    Expectation expectation() throws UserErrorException {
        // Most changes were written some time earlier.
        Instant since = now().minusSeconds(45);
        return new Expectation(target(), commit(), images(), true, since, Duration.ZERO);
    }

    GitFacts git() {
        return new RecordedBranch();
    }

    /** Returns the verdict on the response for the application itself, with its related resources. */
    Verdict verdict() throws IOException, UserErrorException {
        return decide(cache(List.of(answer())), now());
    }

    /** Returns the verdict on the response for the list of applications. */
    Verdict verdictOfList() throws IOException, UserErrorException {
        byte[] list = JSON.writeValueAsBytes(json.path("list"));
        return decide(cache(ArgoCdResponses.list(list, now(), null).applications()), now());
    }

    ArgoCdApplication answer() throws IOException {
        return ArgoCdResponses.application(JSON.writeValueAsBytes(json.path("answer")), null, now(), "argocd");
    }

    private ApplicationCache cache(List<ArgoCdApplication> states) {
        ApplicationCache cache = new ApplicationCache("main");
        states.forEach(state -> cache.put(state, now(), now()));
        return cache;
    }

    Verdict decide(ApplicationCache cache, Instant at) throws IOException, UserErrorException {
        AwaitedApplications awaited = awaited(at);
        cache.publish(state -> state);
        awaited.set(
                List.of(new AwaitedCommit(Set.of(RepositoryKey.of(url())), target(), commit(), images())),
                cache.view());
        String windows =
                json.has("windows") ? SyncWindows.blockedBy(JSON.writeValueAsBytes(json.path("windows")), at) : null;
        cache.publish(state -> DetailValidity.withDetails(
                awaited.detailCompleter(cache, at, at).apply(state), windows, null, null));
        ArgoCdServerHealth health = new ArgoCdServerHealth(at, null, false, null, true);
        List<AgentSnapshot> snapshots = new TargetSnapshots(
                        new ArgoCdSettings("main", "http://127.0.0.1", List.of("shop")),
                        cache.view(),
                        health,
                        awaited,
                        true,
                        at)
                .of(Set.of(RepositoryKey.of(url())), url(), target());
        return AwaitDecision.decide(expectation(), snapshots, git(), at);
    }

    private static AwaitedApplications awaited(Instant at) {
        ArgoCdSettings settings = new ArgoCdSettings("main", "http://127.0.0.1:1", List.of("shop"));
        ArgoCdClient client = new ArgoCdClient(settings.url(), HttpClient::newHttpClient, () -> "Bearer x");
        return new AwaitedApplications(settings, client, Runnable::run, InstantSource.system(), () -> {}, () -> {});
    }

    /** The branch at that time: its newest commits, and further ones in unknown order. */
    private final class RecordedBranch implements GitFacts {
        private final List<String> newestFirst = new ArrayList<>();

        private RecordedBranch() {
            json.path("history").forEach(node -> newestFirst.add(node.asText()));
        }

        @Override
        public String branch() {
            return json.at("/awaited/branch").asText();
        }

        @Override
        public String tip() {
            return newestFirst.get(0);
        }

        @Override
        public boolean contains(String revision) {
            return newestFirst.contains(revision) || isOffBranch(revision);
        }

        @Override
        public boolean isAtOrAfterChange(String revision) {
            int index = newestFirst.indexOf(revision);
            return index >= 0 && index <= newestFirst.indexOf(commit());
        }

        @Override
        public boolean hasExpectedImages(String revision) {
            return isAtOrAfterChange(revision);
        }

        @Override
        public List<ImageReference> images() {
            try {
                return ArgoCdSituation.this.images();
            } catch (UserErrorException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public boolean isNewest(String revision) {
            int index = newestFirst.indexOf(revision);
            List<String> elsewhere = new ArrayList<>();
            json.path("elsewhere").forEach(node -> elsewhere.add(node.asText()));
            return index >= 0 && elsewhere.containsAll(newestFirst.subList(0, index));
        }

        @Override
        public boolean isOffBranch(String revision) {
            return json.path("otherBranches").toString().contains(revision) && !newestFirst.contains(revision);
        }

        @Override
        public boolean isSetInApplication() {
            return json.has("file");
        }

        @Override
        public SupersedingChange supersedingChange() {
            return null;
        }
    }
}
