package io.jenkins.plugins.gitops.core.render.transform;

import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.core.render.kustomization.Kustomization.Replica;
import io.jenkins.plugins.gitops.core.render.resource.FieldPath;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpec;
import io.jenkins.plugins.gitops.core.render.resource.FieldSpecs;
import io.jenkins.plugins.gitops.core.render.resource.Resource;
import io.jenkins.plugins.gitops.core.render.resource.ResourceId;
import io.jenkins.plugins.gitops.core.render.resource.ResourceList;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueKind;
import io.jenkins.plugins.gitops.core.render.yaml.YamlValue.ValueTag;
import java.util.ArrayList;
import java.util.List;

/** Sets the number of replicas of the workloads with a current or previous name. */
public final class ReplicaTransformer {
    private ReplicaTransformer() {}

    public static void apply(Replica replica, ResourceList resources) throws UserErrorException {
        boolean found = false;
        for (Resource resource : resources.resources()) {
            List<ResourceId> ids = new ArrayList<>(resource.previousIds());
            ids.add(resource.id());
            for (FieldSpec spec : FieldSpecs.REPLICAS) {
                boolean meant = ids.stream()
                        .anyMatch(id ->
                                id.name().equals(replica.name()) && spec.gvk().selects(id.gvk()));
                found |= meant;
                if (meant && spec.gvk().selects(resource.gvk())) {
                    set(spec, replica, resource);
                }
            }
        }
        if (!found) {
            throw new UserErrorException(
                    replica.at(),
                    "there is no Deployment, StatefulSet, ReplicaSet or ReplicationController " + replica.name(),
                    "Correct the name");
        }
    }

    private static void set(FieldSpec spec, Replica replica, Resource resource) throws UserErrorException {
        YamlValue count = YamlValue.tagged(ValueTag.INT, Long.toString(replica.count()));
        FieldPath.visitOrCreate(
                spec,
                resource.root(),
                ValueKind.SCALAR,
                ValueTag.INT,
                resource.location(),
                yamlValue -> FieldPath.setScalar(yamlValue, count.copy(), resource.location()));
    }
}
