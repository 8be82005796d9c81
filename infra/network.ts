import { Annotations, Stack } from "aws-cdk-lib";
import {
  CfnSecurityGroupIngress,
  CfnVPCEndpoint,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  Subnet,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Effect, Policy, PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import type { Configuration } from "../shared/configuration/schema.ts";
import { Refused } from "../shared/failures.ts";
import { accept } from "./wildcards.ts";

export interface NetworkProps {
  environment: string;
  setting: NonNullable<Configuration["network"]>;
  /** Services of AWS that are asked from in there, as their endpoints are named. */
  services: readonly string[];
}

/** What a function must know of where it stands. */
export interface Placement {
  vpc: IVpc;
  vpcSubnets: { subnets: ISubnet[] };
  securityGroups: ISecurityGroup[];
}

/** The place in somebody's VPC from which databases are entered: nobody gets in, and out go the databases' ports and HTTPS alone. */
export class Network extends Construct {
  readonly placement: Placement;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { environment, setting } = props;
    // The subnets say where they are; the library wants a zone all the same.
    const vpc = Vpc.fromVpcAttributes(this, "Vpc", { vpcId: setting.vpc, availabilityZones: ["unstated"] });
    const subnets = setting.subnets.map((subnet) => this.#subnet(subnet));
    const functions = new SecurityGroup(this, "Functions", {
      vpc,
      description: `Nightshift ${environment}: the functions that enter databases`,
      allowAllOutbound: false,
    });
    functions.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "services of AWS, and APIs that make credentials");
    this.placement = { vpc, vpcSubnets: { subnets }, securityGroups: [functions] };
    for (const database of setting.databases) this.#open(functions, database);
    if (setting.endpoints) this.#endpoints(vpc, functions, props);
  }

  #subnet(id: string): ISubnet {
    const subnet = Subnet.fromSubnetId(this, id, id);
    // Nobody asks it for its route table.
    Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId");
    return subnet;
  }

  #open(functions: SecurityGroup, { securityGroup, port }: NetworkProps["setting"]["databases"][number]): void {
    functions.addEgressRule(Peer.securityGroupId(securityGroup), Port.tcp(port), "a database");
    new CfnSecurityGroupIngress(this, `${securityGroup}-${port}`, {
      groupId: securityGroup,
      sourceSecurityGroupId: functions.securityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: `${Stack.of(this).stackName}: rotation of the passwords of its users`,
    });
  }

  #endpoints(vpc: IVpc, functions: SecurityGroup, { environment, setting, services }: NetworkProps): void {
    const { routeTables = [] } = setting;
    if (routeTables.length === 0) {
      throw new Refused("network.routeTables: state the subnets' route tables, through which the ledger is reached");
    }
    const { region } = Stack.of(this);
    const group = new SecurityGroup(this, "Endpoints", {
      vpc,
      description: `Nightshift ${environment}: the endpoints of AWS services`,
      allowAllOutbound: false,
    });
    group.addIngressRule(functions, Port.tcp(443), "the functions that enter databases");
    for (const service of services) {
      new CfnVPCEndpoint(this, service, {
        vpcEndpointType: "Interface",
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcId: setting.vpc,
        subnetIds: setting.subnets,
        securityGroupIds: [group.securityGroupId],
        privateDnsEnabled: true,
      });
    }
    // Its policy stays open: whoever else is in these subnets takes the same way to their tables.
    new CfnVPCEndpoint(this, "dynamodb", {
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${region}.dynamodb`,
      vpcId: setting.vpc,
      routeTableIds: routeTables,
    });
  }
}

/**
 * Lets Lambda put a function's interfaces into a network: the permissions for which it asks the function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function allowInterfaces(role: Role): void {
  const conditions = { StringEquals: { "aws:RequestedRegion": Stack.of(role).region } };
  role.addToPolicy(new PolicyStatement({ actions: interfaces, resources: ["*"], conditions }));
  accept(role, "*", "Lambda asks for these on every resource, because an interface has no name before it is made.");
}

/** What Lambda may do, the function's own code may not. A policy of its own: the function waits for the role's, and this one names it. */
export function denyInterfaces(scope: Construct, role: Role, target: IFunction): void {
  const conditions = { ArnEquals: { "lambda:SourceFunctionArn": target.functionArn } };
  const denied = new PolicyStatement({ effect: Effect.DENY, actions: interfaces, resources: ["*"], conditions });
  const policy = new Policy(scope, "NoInterfaces", { statements: [denied], roles: [role] });
  accept(policy, "*", "It denies: the function's own code makes no network interface at all.");
}

const interfaces = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];
