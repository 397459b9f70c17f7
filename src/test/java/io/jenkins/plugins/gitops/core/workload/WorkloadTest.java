package io.jenkins.plugins.gitops.core.workload;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.report.Report.RunningImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class WorkloadTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private static final String TEMPLATE = "template:{spec:{containers:[{image:'shop/web:2'}]}}";

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    private static Workload workload(String apiVersion, String kind, String spec, String status) throws IOException {
        return Workload.read(json("{apiVersion:'" + apiVersion + "',kind:'" + kind
                        + "',metadata:{namespace:'shop',name:'web',generation:3},spec:{" + spec + "},status:{" + status
                        + "}}"))
                .orElseThrow();
    }

    private static void check(
            String apiVersion, String kind, String spec, String status, boolean wantsPods, @CheckForNull String problem)
            throws IOException {
        Workload workload = workload(apiVersion, kind, spec + (spec.isEmpty() ? "" : ",") + TEMPLATE, status);
        String what = kind + " {" + spec + "} {" + status + "}";
        assertThat(what, workload.message(), problem == null ? nullValue() : containsString(problem));
        assertThat(what, workload.ready(), equalTo(problem == null));
        assertThat(what, workload.wantsPods(), equalTo(wantsPods));
        assertThat(workload.images(), equalTo(List.of("shop/web:2")));
    }

    @Test
    public void deployment() throws IOException {
        String all = "observedGeneration:3,replicas:2,updatedReplicas:2,availableReplicas:2";
        check("apps/v1", "Deployment", "replicas:2", all, true, null);
        check("apps/v1", "Deployment", "replicas:0", "", false, null);
        check("apps/v1", "Deployment", "replicas:2", all.replace("Generation:3", "Generation:2"), true, "not started");
        check(
                "apps/v1",
                "Deployment",
                "replicas:2",
                all.replace("updatedReplicas:2", "updatedReplicas:1"),
                true,
                "1 of 2");
        check("apps/v1", "Deployment", "replicas:2", all.replace(",replicas:2", ",replicas:3"), true, "1 old pods");
        check("apps/v1", "Deployment", "replicas:2", all.replace("available", "un"), true, "0 of 2 pods ready");
        check("apps/v1", "Deployment", "", "", true, "not started");
    }

    @Test
    public void pausedDeploymentKeepsOldPods() throws IOException {
        String old = "observedGeneration:3,replicas:2,updatedReplicas:0,availableReplicas:2";
        check("apps/v1", "Deployment", "replicas:2,paused:true", old, true, "paused, old pods are kept");
        check("apps/v1", "Deployment", "replicas:2,paused:true", old.replace("Replicas:0", "Replicas:2"), true, null);
    }

    @Test
    public void deploymentPastItsDeadlineSaysSo() throws IOException {
        check(
                "apps/v1",
                "Deployment",
                "",
                "observedGeneration:3,conditions:[{type:'Progressing',reason:'ProgressDeadlineExceeded',"
                        + "message:'ReplicaSet web-5 has timed out progressing.'}]",
                true,
                "web-5 has timed out");
    }

    @Test
    public void podsThatCannotBeCreatedHaveAReason() throws IOException {
        String failure = "conditions:[{type:'ReplicaFailure',status:'True',reason:'FailedCreate',"
                + "message:'pods web-5-x is forbidden: exceeded quota: q'}]";
        String quota = "pods web-5-x is forbidden: exceeded quota: q";
        String none = "observedGeneration:3,replicas:0," + failure;
        check("apps/v1", "Deployment", "replicas:2", none, true, "0 of 2 pods updated; " + quota);
        check("argoproj.io/v1alpha1", "Rollout", "replicas:2", none, true, "; " + quota);
        check(
                "apps/v1",
                "Deployment",
                "replicas:2",
                "observedGeneration:3,replicas:2,updatedReplicas:2,availableReplicas:1," + failure,
                true,
                "1 of 2 pods ready; " + quota);
        check("v1", "ReplicationController", "replicas:2", none, true, "; " + quota);
        check(
                "apps/v1",
                "Deployment",
                "replicas:2",
                none.replace("message:'" + quota + "'", "message:''"),
                true,
                "0 of 2 pods updated; FailedCreate");
    }

    @Test
    public void outdatedReasonIsOmitted() throws IOException {
        String failure = "conditions:[{type:'ReplicaFailure',status:'True',message:'exceeded quota'}]";
        Workload stale = workload("apps/v1", "Deployment", TEMPLATE, "observedGeneration:2," + failure);
        assertThat(stale.message(), equalTo("the rollout has not started"));
        Workload over = workload(
                "apps/v1",
                "Deployment",
                TEMPLATE,
                "observedGeneration:3,updatedReplicas:0," + failure.replace("'True'", "'False'"));
        assertThat(over.message(), equalTo("0 of 1 pods updated"));
    }

    @Test
    public void statefulSet() throws IOException {
        String all = "observedGeneration:3,readyReplicas:2,updatedReplicas:2,currentRevision:'b',updateRevision:'b'";
        check("apps/v1", "StatefulSet", "replicas:2", all, true, null);
        check("apps/v1", "StatefulSet", "replicas:0", "", false, null);
        check("apps/v1", "StatefulSet", "replicas:2", all.replace("ready", "un"), true, "0 of 2 pods ready");
        String mixed = all.replace("currentRevision:'b'", "currentRevision:'a'")
                .replace("updatedReplicas:2", "updatedReplicas:1");
        check("apps/v1", "StatefulSet", "replicas:2", mixed, true, "1 of 2 pods updated");
        check(
                "apps/v1",
                "StatefulSet",
                "replicas:2,updateStrategy:{type:'OnDelete'}",
                mixed,
                true,
                "1 old pods are kept");
        check(
                "apps/v1",
                "StatefulSet",
                "replicas:2,updateStrategy:{rollingUpdate:{partition:1}}",
                mixed,
                true,
                "1 of 2 pods updated (partition 1)");
    }

    @Test
    public void daemonSet() throws IOException {
        String all = "observedGeneration:3,desiredNumberScheduled:2,updatedNumberScheduled:2,numberAvailable:2";
        check("apps/v1", "DaemonSet", "", all, true, null);
        check("apps/v1", "DaemonSet", "", "observedGeneration:3,desiredNumberScheduled:0", false, null);
        check(
                "apps/v1",
                "DaemonSet",
                "",
                all.replace("updatedNumberScheduled:2", "updatedNumberScheduled:0"),
                true,
                "0 of 2 pods updated");
        check(
                "apps/v1",
                "DaemonSet",
                "updateStrategy:{type:'OnDelete'}",
                all.replace("updatedNumberScheduled:2", "updatedNumberScheduled:0"),
                true,
                "2 old pods are kept");
        check(
                "apps/v1",
                "DaemonSet",
                "",
                all.replace("numberAvailable:2", "numberAvailable:0"),
                true,
                "0 of 2 pods ready");
    }

    @Test
    public void replicaSetWithPossiblyChangedTemplateIsInconclusive() throws IOException {
        check(
                "apps/v1",
                "ReplicaSet",
                "",
                "observedGeneration:3,availableReplicas:1",
                true,
                "does not replace its pods");
        Workload first = Workload.read(
                        json("{apiVersion:'apps/v1',kind:'ReplicaSet',metadata:{name:'web',generation:1}," + "spec:{"
                                + TEMPLATE + "},status:{observedGeneration:1,availableReplicas:1}}"))
                .orElseThrow();
        assertThat(first.ready(), equalTo(true));
        assertThat(first.label(), equalTo("ReplicaSet web"));
    }

    @Test
    public void job() throws IOException {
        check("batch/v1", "Job", "", "conditions:[{type:'Complete',status:'True'}]", true, null);
        check("batch/v1", "Job", "", "active:1", true, "has not completed");
        check("batch/v1", "Job", "suspend:true", "", true, "is suspended");
        check(
                "batch/v1",
                "Job",
                "",
                "conditions:[{type:'Failed',status:'True',message:'backoff limit'}]",
                true,
                "backoff limit");
    }

    @Test
    public void cronJobIsJudgedByItsTemplate() throws IOException {
        Workload cron = workload("batch/v1", "CronJob", "jobTemplate:{spec:{" + TEMPLATE + "}}", "");
        assertThat(cron.images(), equalTo(List.of("shop/web:2")));
        assertThat(cron.wantsPods(), equalTo(false));
        assertThat(cron.ready(), equalTo(true));
    }

    @Test
    public void pod() throws IOException {
        String containers = "containers:[{image:'shop/web:2'}],initContainers:[{image:'shop/init:1'}]";
        Workload ready = workload("v1", "Pod", containers, "phase:'Running',conditions:[{type:'Ready',status:'True'}]");
        assertThat(ready.ready(), equalTo(true));
        assertThat(ready.images(), equalTo(List.of("shop/init:1", "shop/web:2")));
        assertThat(workload("v1", "Pod", containers, "phase:'Pending'").ready(), equalTo(false));
        assertThat(workload("v1", "Pod", containers, "phase:'Succeeded'").ready(), equalTo(true));
    }

    @Test
    public void rolloutRunsItsTemplateOnceStable() throws IOException {
        String all = "observedGeneration:'3',currentPodHash:'b',stableRS:'b',availableReplicas:1,phase:'Healthy'";
        check("argoproj.io/v1alpha1", "Rollout", "", all, true, null);
        check("argoproj.io/v1alpha1", "Rollout", "replicas:0", "", false, null);
        check(
                "argoproj.io/v1alpha1",
                "Rollout",
                "",
                all.replace("stableRS:'b'", "stableRS:'a'").replace("Healthy", "Paused"),
                true,
                "the rollout is Paused, old pods are kept");
    }

    @Test
    public void knativeServiceMayBeScaledToZero() throws IOException {
        String all = "observedGeneration:3,latestReadyRevisionName:'w-2',latestCreatedRevisionName:'w-2',"
                + "conditions:[{type:'Ready',status:'True'}]";
        check("serving.knative.dev/v1", "Service", "", all, false, null);
        check(
                "serving.knative.dev/v1",
                "Service",
                "",
                all.replace("latestReadyRevisionName:'w-2'", "x:1"),
                false,
                "not ready");
    }

    @Test
    public void otherKindsAreReadByCommonFields() throws IOException {
        check("example.com/v1", "Engine", "", "", true, null);
        check("example.com/v1", "Engine", "", "observedGeneration:2", true, "not observed");
        check(
                "example.com/v1",
                "Engine",
                "",
                "conditions:[{type:'Ready',status:'False',message:'boots'}]",
                true,
                "boots");
    }

    @Test
    public void objectWithoutTemplateIsNotAWorkload() throws IOException {
        for (String none : List.of("{}", "[]", "{kind:'ConfigMap',data:{a:'b'}}", "{kind:'Service',spec:{ports:[]}}")) {
            assertThat(Workload.read(json(none)), equalTo(Optional.empty()));
        }
    }

    @Test
    public void imagesOfSeveralWorkloadsAreMergedWithTheLeastReady() throws IOException {
        Workload good = new Workload("Deployment shop/a", List.of("x:1", "y:1"), true, true, null);
        Workload bad = new Workload("Deployment shop/b", List.of("x:1"), true, false, "0 of 1 pods ready");
        assertThat(
                RunningImages.of(List.of(good, bad)),
                equalTo(List.of(
                        new RunningImage("x:1", "Deployment shop/b", false, "0 of 1 pods ready"),
                        new RunningImage("y:1", "Deployment shop/a", true, null))));
    }
}
